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
  ProviderReader,
  ProviderState,
  TokenEntry,
  TokenReader,
  UsageReader,
} from './readers.ts';
import { afterOverride, type ManualOverride } from './manual-overrides.ts';
import type { LedgerTables } from './tables/ledger-tables.ts';

/** After these the provider has another key, and what was stored about the one before does not apply to it. */
const newKey = new Set<VaultEvent['kind']>(['keySet', 'keyReplaced', 'keyImported', 'keyMigrated']);

/**
 * The open ledger as all other rooms see it: what they may read, and a verb for each change. A verb writes the change
 * and its audit row in one transaction.
 */
export class LedgerStore {
  readonly usage: UsageReader;
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
    this.counters = tables.counters;
    this.providers = tables.providers;
    this.gateway = tables.gateway;
    this.tokens = tables.tokens;
    this.audit = tables.audit;
  }

  get days(): Days {
    return this.#transactions.days;
  }

  /** Something was written, by this window or another. */
  get onDidChange(): Event<undefined> {
    return this.#transactions.onDidChange;
  }

  now(): Moment {
    return this.#transactions.now();
  }

  /** Reads what counts against a cap at a moment. */
  capUse(moment: Moment): (cap: Cap) => CapUse {
    return capReader(this.#tables, this.days, moment);
  }

  /** Applies to all windows and lasts until the user takes it back. */
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
      // They would bring the time of its last success back.
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

  /** In all windows, until it is changed. Audited where it is a change. */
  wantGateway(wanted: boolean): Promise<void> {
    const { gateway, audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      if (gateway.want(wanted)) audit.appendAct(nowMs, wanted ? 'startGateway' : 'stopGateway');
    });
  }

  /** What the owner of the gateway's lock reports to the other windows; undefined takes its report back. */
  reportGateway(owner: string, report: GatewayReport | undefined): Promise<void> {
    const { gateway } = this.#tables;
    return this.#transactions.write(() => {
      if (report === undefined) gateway.withdraw(owner);
      else gateway.report(owner, report);
    });
  }

  /** The keys that should exist, as the vault listed them: unchecked. */
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

  /** Takes or renews what only one window may do at a time; false while another owner has it. */
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

  /** Records that the user goes on from a truncated trail. Returns the row that is the head from now on. */
  recordTruncation(lost: {
    readonly lostSeq?: number;
    readonly lostMac?: string;
  }): Promise<AuditRow | undefined> {
    const { audit } = this.#tables;
    return this.#transactions.write(({ nowMs }) => {
      audit.appendAct(nowMs, 'acceptTruncation', lost);
      return audit.head();
    });
  }
}

/** What the audit trail has of a token. */
function auditedToken({ id, kind, tenant, process }: TokenEntry): Record<string, string> {
  return {
    token: id,
    grant: kind,
    ...(tenant === null ? {} : { tenant }),
    ...(process === null ? {} : { for: 'terminal' }),
  };
}
