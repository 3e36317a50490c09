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

/** What was used and what is held, the same figures that caps are checked against. */
export interface UsageReader {
  /** Sums over the days from `fromDay` to `toDay`, both included, of the calls in the scope. */
  totals(fromDay: string, toDay: string, scope: CapScope): UsageTotals;
  /** The sums of each of these days that has any. */
  byDay(days: readonly string[], scope: CapScope): (UsageTotals & { readonly day: string })[];
  /** The sums of each model and tenant over the days, both included, without those added up to months. */
  bySource(fromDay: string, toDay: string): UsageSource[];
  /** The sums of each tenant on a day. */
  byTenant(day: string): (UsageTotals & { readonly tenant: string })[];
  /** The rows of all days and months whose names lie between these, both included. */
  rows(fromDay: string, toDay: string): UsageRow[];
  /** The first and the last day, or month, that has any. */
  span(): { readonly first: string; readonly last: string } | undefined;
}

/** What was counted of one provider, by the names of `counters.ts`; an absent one is 0. */
export type Counters = ReadonlyMap<string, number>;

/**
 * Totals by provider since the ledger began: they survive restarts and the pruning of usage and audit rows, and
 * never go down, as a scraper takes a fall for a restart.
 */
export interface CounterReader {
  all(): ReadonlyMap<string, Counters>;
  /** By how many failures in a row the circuit was opened. */
  failuresInARow(provider: string): number;
}

/** What all windows know of a provider. */
export interface ProviderState {
  readonly circuit: Circuit;
  readonly paused: boolean;
  /** The config fingerprint under which it said that credit is used up, or that it rejects the key. */
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

/** The audit row of a call, its body not parsed. */
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

/** The audit rows of calls, which reports read by the thousand: without checking their signatures. */
export interface CallReader {
  /** The number of the newest row of any kind, or 0. */
  newest(): number;
  /** At most `most` rows after this one, the oldest first. */
  after(seq: number, most: number): CallRow[];
  /** At most `most` rows before this one, the newest first. */
  before(seq: number, most: number): CallRow[];
  /** Calls that were sent, by model and by the hours from `fromMs` on in which they ended. */
  byHour(fromMs: number, toMs: number, scope: CapScope): HourOfModel[];
}

/** The state of the gateway, over all windows. */
export type GatewayState =
  | { readonly kind: 'off' }
  /** It is wanted, and no window has reported yet that it serves it. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'serving'; readonly port: number }
  /** `problem`: as the window that tried has written it. */
  | { readonly kind: 'failing'; readonly problem: string };

/** What the window that has the gateway's lock reports to the others. */
export type GatewayReport = Extract<GatewayState, { readonly kind: 'serving' | 'failing' }>;

export interface GatewayReader {
  state(): GatewayState;
}

/** A token of the gateway as it is stored. Nothing in it could be used as one. */
export interface TokenEntry {
  readonly id: string;
  readonly kind: 'calls' | 'management' | 'readOnly';
  /** Of a token for calls. */
  readonly tenant: string | null;
  readonly hash: string;
  readonly createdMs: number;
  /** The window in whose terminal alone it is. */
  readonly process: number | null;
}

export interface TokenReader {
  /** The oldest first. */
  all(): TokenEntry[];
}
