import type { CapScope } from '../guard/caps.ts';
import type { Circuit } from '../guard/breaker.ts';
import type { AuditKind } from './stored-words.ts';

/** The current time of the ledger. Within a transaction it does not change. */
export interface Moment {
  readonly nowMs: number;
  readonly day: string;
}

/** A row of usage is found by these. */
export interface UsageKey {
  /** 'YYYY-MM-DD', or 'YYYY-MM' for days that were added up to a month. */
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly tenant: string;
}

/** Sums over any set of calls. */
export interface UsageTotals {
  readonly requests: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
  /** Requests with an unknown cost; their dollars are missing in `costMicroUsd`. */
  readonly unknownCost: number;
  /** Requests whose tokens the guard had to estimate. */
  readonly estimated: number;
  readonly heldRequests: number;
  readonly heldTokens: number;
  readonly heldMicroUsd: number;
}

export type UsageRow = UsageKey & UsageTotals;

/** What one tenant used of one model over some days. */
export type UsageSource = Omit<UsageRow, 'day'>;

/** The usage and the holds that caps are checked against. */
export interface UsageReader {
  /** Sums over the days from `fromDay` to `toDay`, both included, of the calls in the scope. */
  totals(fromDay: string, toDay: string, scope: CapScope): UsageTotals;
  /** The sums of each of these days, without the days that have no usage. */
  byDay(days: readonly string[], scope: CapScope): (UsageTotals & { readonly day: string })[];
  /** The sums of each model and tenant over the days, both included. Days that were added up to months are left out. */
  bySource(fromDay: string, toDay: string): UsageSource[];
  /** The sums of each tenant on a day. */
  byTenant(day: string): (UsageTotals & { readonly tenant: string })[];
  /** The rows of all days and months between these two, both included. */
  rows(fromDay: string, toDay: string): UsageRow[];
  /** The first and the last day or month that has usage. */
  span(): { readonly first: string; readonly last: string } | undefined;
}

/** Whose usage is kept by day, besides that of tenants. */
export type PartKind = 'token' | 'caller';

/** What the calls of one token, or of one caller, used on a day. */
export interface PartUsage {
  readonly name: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
  readonly unknownCost: number;
}

export interface PartReader {
  /** The sums over the days, both included. */
  byName(part: PartKind, fromDay: string, toDay?: string): PartUsage[];
}

/** The counters of one provider, by their names in `counters.ts`. A missing counter is 0. */
export type Counters = ReadonlyMap<string, number>;

/**
 * Totals by provider since the ledger began. They survive restarts and the pruning of usage and audit rows. They never
 * go down, because a scraper takes a lower value for a restart.
 */
export interface CounterReader {
  all(): ReadonlyMap<string, Counters>;
  /** The number of consecutive failures that opened the circuit. */
  failuresInARow(provider: string): number;
}

/** The state of a provider that all windows share. */
export interface ProviderState {
  readonly circuit: Circuit;
  readonly paused: boolean;
  /** The config fingerprint under which the provider reported used-up credit, or rejected the key. */
  readonly outOfCredit: string | undefined;
  readonly keyRejected: string | undefined;
  readonly lastFailureMs: number | undefined;
  /** Sanitized. */
  readonly lastFailure: string | undefined;
}

export interface ProviderReader {
  get(id: string): ProviderState;
  /** When it last completed a call. */
  lastOkMs(id: string): number | undefined;
  /** Models that are under a rate-limit pause, and until when. */
  rateLimitPauses(id: string, nowMs: number): ReadonlyMap<string, number>;
}

/** A row of the audit trail as it was stored and signed: `kind` and `body` are in stored words. */
export interface AuditRow {
  readonly seq: number;
  readonly atMs: number;
  readonly kind: string;
  readonly body: string;
  readonly keyId: string;
  readonly mac: Uint8Array;
}

/** The format of a trail's anchor once it is signed, and the ID of the ledger whose trail it is. */
export interface AnchorFormat {
  readonly format: 2;
  readonly ledger: string;
}

export interface AuditReader {
  head(): AuditRow | undefined;
  /** Undefined while the anchor is not signed, because no master key has signed the trail yet. */
  anchorFormat(): AnchorFormat | undefined;
  /** At most `most` rows after `seq`, the oldest first. */
  after(seq: number, most: number): AuditRow[];
  /** At most `most` rows before `seq`, the newest first. */
  before(seq: number, most: number): AuditRow[];
  /** The latest rows of a kind, the newest first. */
  latest(kind: AuditKind, most: number): AuditRow[];
}

/** The audit row of a call. Its body is not parsed. */
export interface CallRow {
  readonly seq: number;
  readonly atMs: number;
  readonly body: string;
}

/** What one model used in one hour. */
export interface HourOfModel extends Omit<
  UsageSource,
  'tenant' | 'estimated' | 'heldRequests' | 'heldTokens' | 'heldMicroUsd'
> {
  readonly hour: number;
}

/** The audit rows of calls. Reports read thousands of them, so their signatures are not checked. */
export interface CallReader {
  /** The number of the newest row of any kind, or 0. */
  newest(): number;
  /** At most `most` rows after this one, the oldest first. */
  after(seq: number, most: number): CallRow[];
  /** At most `most` rows before this one, the newest first. */
  before(seq: number, most: number): CallRow[];
  /** The sent calls by model and by the hour in which they ended, counted from `fromMs`. */
  byHour(fromMs: number, toMs: number, scope: CapScope): HourOfModel[];
}

/** The state of the gateway, over all windows. */
export type GatewayState =
  | { readonly kind: 'off' }
  /** It is wanted, and no window has reported yet that it serves it. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'serving'; readonly port: number }
  /** `problem` is in the words of the window that tried. */
  | { readonly kind: 'failing'; readonly problem: string };

/** The report of the window that has the gateway's lock. */
export type GatewayReport = Extract<GatewayState, { readonly kind: 'serving' | 'failing' }>;

export interface GatewayReader {
  state(): GatewayState;
}

/** A token of the gateway as it is stored: its hash, but not the token itself. */
export interface TokenEntry {
  readonly id: string;
  readonly kind: 'calls' | 'management' | 'readOnly';
  /** Null for a token that is not for calls. */
  readonly tenant: string | null;
  readonly hash: string;
  readonly createdMs: number;
  /** The process of the window that has the token in a guarded terminal. Null for any other token. */
  readonly process: number | null;
  /** What else it has, as a JSON object. */
  readonly settings: string;
}

export interface TokenReader {
  /** The oldest first. */
  all(): TokenEntry[];
}
