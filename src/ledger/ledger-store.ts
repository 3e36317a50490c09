import type { Cap, CapUse } from '../guard/caps.ts';
import type { Event } from '../shared/emitter.ts';
import type { ManifestEntry, VaultEvent } from '../vault/vault-ports.ts';
import { capReader } from './cap-use.ts';
import type { Days } from './days.ts';
import type { Transactions } from './db/transactions.ts';
import type {
  AuditReader,
  AuditRow,
  CounterReader,
  GatewayReader,
  GatewayReport,
  Moment,
  PartReader,
  ProviderReader,
  ProviderState,
  TokenEntry,
  TokenReader,
  UsageReader,
} from './readers.ts';
import { afterOverride, type ManualOverride } from './manual-overrides.ts';
import type { LedgerTables } from './tables/ledger-tables.ts';

/** After these events the provider has another key, so marks and pauses of the key before do not apply. */
const newKey = new Set<VaultEvent['kind']>(['keySet', 'keyReplaced', 'keyImported', 'keyMigrated']);

/** What a trail lost, as far as it is known. */
export interface LostEnd {
  /** The row in the anchor. */
  readonly lostSeq?: number;
  readonly lostMac?: string;
  /** The row in the secret storage. */
  readonly witnessSeq?: number;
  readonly witnessMac?: string;
  /** Why the anchor cannot be used. */
  readonly fault?: string;
  /** The checkpoint that was not signed. */
  readonly checkpointSeq?: number;
}

/**
 * The open ledger as other rooms see it: readers, and one method for each change. A method writes the change and its
 * audit row in one transaction.
 */
export class LedgerStore {
  readonly usage: UsageReader;
  readonly parts: PartReader;
  readonly counters: CounterReader;
  readonly providers: ProviderReader;
  readonly gateway: GatewayReader;
  readonly tokens: TokenReader;
  readonly audit: AuditReader;
  readonly #tables: LedgerTables;
  readonly #transactions: Transactions;

  constructor(tables: LedgerTables, transactions: Transactions) {
    this.#tables = tables;
    this.#transactions = transactions;
    this.usage = tables.usage;
    this.parts = tables.parts;
    this.counters = tables.counters;
    this.providers = tables.providers;
    this.gateway = tables.gateway;
    this.tokens = tables.tokens;
    this.audit = tables.audit;
  }

  get days(): Days {
    return this.#transactions.days;
  }

  /** Fires after this window or another one wrote something. */
  get onDidChange(): Event<undefined> {
    return this.#transactions.onDidChange;
  }

  now(): Moment {
    return this.#transactions.now();
  }

  /** Returns a function that reads how full a cap is at a moment. */
  capUse(moment: Moment): (cap: Cap) => CapUse {
    return capReader(this.#tables, this.days, moment).use;
  }

  /** Applies to all windows and lasts until the user undoes it. */
  override(provider: string, override: ManualOverride): Promise<ProviderState> {
    const { providers, audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      const state = afterOverride(providers.get(provider), override);
      providers.put(provider, state);
      if (override === 'reset') providers.endRateLimitPauses(provider);
      audit.appendAct(nowMs, override, { provider });
      return state;
    });
  }

  /** Forgets the state of a provider. Its usage and its counters stay. */
  removeProvider(provider: string): Promise<void> {
    const { providers, settledCalls, audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      // Otherwise they would bring back the time of its last success.
      settledCalls.addToSums(nowMs);
      providers.remove(provider);
      audit.appendAct(nowMs, 'removeProvider', { provider });
    });
  }

  issueToken(entry: TokenEntry): Promise<void> {
    const { tokens, audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      tokens.put(entry);
      audit.appendAct(nowMs, 'issueToken', auditedToken(entry));
    });
  }

  /** False if there is no such token. */
  revokeToken(id: string): Promise<boolean> {
    const { tokens, audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      const entry = tokens.all().find((each) => each.id === id);
      if (entry === undefined) return false;
      tokens.remove(id);
      audit.appendAct(nowMs, 'revokeToken', auditedToken(entry));
      return true;
    });
  }

  /** Applies to all windows. Audited only if it changes something. */
  wantGateway(wanted: boolean): Promise<void> {
    const { gateway, audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      if (gateway.want(wanted)) audit.appendAct(nowMs, wanted ? 'startGateway' : 'stopGateway');
    });
  }

  /** Publishes the report of the window that has the gateway's lock. Undefined takes its report back. */
  reportGateway(owner: string, report: GatewayReport | undefined): Promise<void> {
    const { gateway } = this.#tables;
    return this.#transactions.write(() => {
      if (report === undefined) gateway.withdraw(owner);
      else gateway.report(owner, report);
    });
  }

  /** The entries of the keys that should exist, not validated. */
  listedKeys(): unknown[] {
    return this.#tables.manifest.all().map(({ entry }): unknown => JSON.parse(entry));
  }

  listKey(entry: ManifestEntry): Promise<void> {
    return this.#transactions.write(() => {
      this.#tables.manifest.put(entry.provider, JSON.stringify(entry));
    });
  }

  unlistKey(provider: string): Promise<void> {
    return this.#transactions.write(() => {
      this.#tables.manifest.remove(provider);
    });
  }

  /** Records what happened to a key. A new key ends the pauses and marks of the one before. */
  recordKeyEvent(event: VaultEvent): Promise<void> {
    const { audit, providers } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      audit.append(nowMs, 'key', event);
      if (!('provider' in event) || !newKey.has(event.kind)) return;
      providers.endRateLimitPauses(event.provider);
      const state = providers.get(event.provider);
      if (state.outOfCredit === undefined && state.keyRejected === undefined) return;
      providers.put(event.provider, { ...state, outOfCredit: undefined, keyRejected: undefined });
    });
  }

  /** Takes or renews a lock between windows. False while another owner has it. */
  takeLease(name: string, owner: string, leaseMs: number): Promise<boolean> {
    return this.#transactions.write(({ nowMs }) =>
      this.#tables.locks.take(name, owner, nowMs + leaseMs, nowMs),
    );
  }

  freeLease(name: string, owner: string): Promise<void> {
    return this.#transactions.write(() => {
      this.#tables.locks.free(name, owner);
    });
  }

  /** Records that the user accepts a trail whose end cannot be verified. Returns the row that says so. */
  recordTruncation(lost: LostEnd): Promise<AuditRow> {
    const { audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => audit.appendAct(nowMs, 'acceptTruncation', lost));
  }

  /** Signs the checkpoint at the start of the trail with the key that signs now. */
  signCheckpoint(checkpoint: AuditRow): Promise<void> {
    const { audit } = this.#tables;
    return this.#transactions.write(() => {
      audit.signCheckpoint(checkpoint);
    });
  }

  /** Records that the anchor of the trail is signed from now on. */
  recordAnchorFormat(): Promise<void> {
    const { audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      audit.appendAnchorFormat(nowMs);
    });
  }
}

/** The part of a token that goes into the audit trail. */
function auditedToken({ id, kind, tenant, process, settings }: TokenEntry): Record<string, string> {
  return {
    token: id,
    grant: kind,
    ...(tenant === null ? {} : { tenant }),
    ...(process === null ? {} : { for: 'terminal' }),
    ...(settings === '{}' ? {} : { settings }),
  };
}
