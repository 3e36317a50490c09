import { decideAdmission } from '../guard/admission.ts';
import { reportToCircuit } from '../guard/breaker.ts';
import type { Reservation } from '../guard/caps.ts';
import { costMicroUsd } from '../guard/price.ts';
import { describeFailure } from '../guard/describe-failure.ts';
import type { Admission, AdmitRequest, CallRecord, Ledger, Settlement, Usage } from '../guard/ledger-port.ts';
import type { Refusal } from '../guard/refusal.ts';
import { referenceOf, type Consequence } from '../guard/outcome.ts';
import { assertNever, err, ok, type Result } from '../shared/result.ts';
import { capReader } from './cap-use.ts';
import { incrementsOfOutcome, incrementsOfRecord, incrementsOfUsage } from './counters.ts';
import { pauseCause } from './pause-cause.ts';
import type { StoredAdmission } from './tables/admission-table.ts';
import type { Transactions } from './db/transactions.ts';
import type { Moment, ProviderState } from './readers.ts';
import type { LedgerTables } from './tables/ledger-tables.ts';
import type { CallVerdict } from './tables/usage-table.ts';
import { LedgerError } from './db/ledger-error.ts';
import { storedCircuitKind } from './stored-words.ts';

/**
 * How long a settlement waits for other windows. It is longer than for an admission: no user waits for it, and a
 * settlement that fails loses what the call used.
 */
const settlePatienceMs = 30_000;

/** Refusals of unknown providers are counted under this name, which no provider can have. */
export const unknownProvider = '_unknown';

/** The guard's ledger on SQLite. Each decision is made in the transaction that writes it. */
export class SqliteLedger implements Ledger {
  readonly #tables: LedgerTables;
  readonly #transactions: Transactions;
  readonly #holdMs: number;
  readonly #settled = new WeakSet<Admission>();

  constructor(tables: LedgerTables, transactions: Transactions, holdMs: number) {
    this.#tables = tables;
    this.#transactions = transactions;
    this.#holdMs = holdMs;
  }

  async admit(request: AdmitRequest): Promise<Result<Admission, Refusal>> {
    try {
      return await this.#transactions.write((moment) => this.#admit(request, moment));
    } catch (error) {
      if (error instanceof LedgerError) return err({ kind: 'ledger', problem: error.message });
      throw error;
    }
  }

  renew(admission: Admission): Promise<void> {
    const { provider } = admission.request.target;
    return this.#transactions.write(({ nowMs }) => {
      this.#tables.admissions.renew(admission.holdId, nowMs + this.#holdMs);
      const state = this.#tables.providers.get(provider);
      const { circuit } = state;
      if (circuit.kind === 'halfOpen' && circuit.generation === admission.pass.generation) {
        const leaseEndsMs = nowMs + admission.request.circuit.leaseMs;
        this.#tables.providers.put(provider, { ...state, circuit: { ...circuit, leaseEndsMs } });
      }
    });
  }

  apply(admission: Admission, consequence: Consequence): Promise<void> {
    return this.#transactions.write((moment) => {
      this.#apply(admission, consequence, moment);
    });
  }

  async settle(admission: Admission, settlement: Settlement, record?: CallRecord): Promise<void> {
    if (this.#settled.has(admission)) throw new Error(`hold ${admission.holdId} was already settled`);
    this.#settled.add(admission);
    await this.#transactions.write((moment) => {
      this.#charge(admission, settlement, record, moment);
      this.#tables.settledCalls.addToSumsIfMany(moment.nowMs);
      this.#report(admission, settlement, moment);
      if (record !== undefined) this.#append(record, moment);
    }, settlePatienceMs);
  }

  /** Counts of tokens are rows of another kind, so that no figure and no list of calls has them. */
  #append(record: CallRecord, { nowMs }: Moment): void {
    this.#tables.audit.append(nowMs, record.operation === 'count' ? 'count' : 'call', record);
  }

  record(record: CallRecord): Promise<void> {
    return this.#transactions.write((moment) => {
      const { counters } = this.#tables;
      // A client may ask for any name. The name of an unknown provider does not become a counter.
      const isKnown = record.reason !== 'settings' || counters.knows(record.provider);
      counters.add(isKnown ? record.provider : unknownProvider, incrementsOfRecord(record));
      this.#append(record, moment);
    });
  }

  #admit(request: AdmitRequest, moment: Moment): Result<Admission, Refusal> {
    const { admissions, audit, providers } = this.#tables;
    const { provider, model } = request.target;
    // A trail that cannot be continued would fail the settlement of each call, and so its charge.
    audit.head();
    this.#clearExpired(moment);
    const state = providers.get(provider);
    const standing = {
      ...state,
      rateLimitPauseUntilMs: providers.rateLimitPauses(provider, moment.nowMs).get(model),
    };
    const caps = capReader(this.#tables, this.#transactions.days, moment);
    const decided = decideAdmission(request, standing, caps, moment.nowMs);
    if (!decided.ok) return err(this.#withCause(decided.error));
    const { circuit, pass, reservation } = decided.value;
    if (circuit !== state.circuit) this.#putCircuit(provider, state, circuit, moment);
    const holdId = admissions.insert({
      ...{ day: moment.day, provider, model, tenant: request.tenant },
      admittedMs: moment.nowMs,
      expiresMs: moment.nowMs + this.#holdMs,
      requests: request.isCount === true ? 0 : 1,
      token: request.token,
      caller: request.caller,
      session: request.session,
      reservation,
      inputMicroUsd: inputCost(request, reservation),
    });
    return ok({ holdId, request, pass, reservation, renewEveryMs: this.#renewEveryMs(request) });
  }

  /** A refusal because of a rate-limit pause says what the provider said when the pause began. */
  #withCause(refusal: Refusal): Refusal {
    if (refusal.kind !== 'rest') return refusal;
    return { ...refusal, ...pauseCause(this.#tables.audit, refusal) };
  }

  /** Often enough that one renewal may be late or lost. */
  #renewEveryMs({ circuit }: AdmitRequest): number {
    return 0.3 * Math.min(this.#holdMs, circuit.leaseMs);
  }

  /** A window that died leaves its holds. The provider has probably read their input, so that is charged. */
  #clearExpired({ nowMs }: Moment): void {
    const { admissions, counters, usage, parts, sessions } = this.#tables;
    for (const expired of admissions.expired(nowMs)) {
      const provisional = clearedUsage(expired);
      usage.charge(expired, provisional, 'neither');
      parts.charge(expired, provisional, 1);
      sessions.charge(expired, provisional);
      counters.add(expired.provider, incrementsOfUsage(provisional, 'neither'));
      admissions.clear(expired.holdId);
    }
  }

  /** Replaces the hold by the real figures, on the day of the admission. */
  #charge(
    { holdId, request }: Admission,
    { usage, outcome, ...settlement }: Settlement,
    record: CallRecord | undefined,
    { nowMs }: Moment,
  ): void {
    const { admissions, counters, parts, sessions, usage: sums } = this.#tables;
    const ofRecord = record === undefined ? {} : incrementsOfRecord(record);
    const stored = admissions.get(holdId);
    // It was cleared long ago and its row was dropped. The provisional charge stays, as its day is not known any more.
    if (stored === undefined) {
      counters.add(request.target.provider, ofRecord);
      return;
    }
    if (stored.state === 'settled') throw new Error(`hold ${holdId} was already settled`);
    const provisional = stored.state === 'open' ? undefined : clearedUsage(stored);
    if (provisional !== undefined) {
      sums.unCharge(stored, provisional);
      parts.charge(stored, provisional, -1);
      sessions.unCharge(stored, provisional);
    }
    const verdict = verdictOf({ usage, outcome, ...settlement });
    const increments = {
      ...incrementsOfUsage(usage, verdict, provisional),
      ...incrementsOfOutcome(outcome),
      ...ofRecord,
    };
    admissions.settle(holdId, { usage, verdict, settledMs: nowMs, increments });
  }

  #report(admission: Admission, settlement: Settlement, moment: Moment): void {
    const { request, pass } = admission;
    const { provider } = request.target;
    const before = this.#tables.providers.get(provider);
    const circuit = reportToCircuit(
      before.circuit,
      pass,
      settlement.breakerVerdict,
      request.circuit,
      moment.nowMs,
    );
    const after = recordOutcome(before, settlement, moment.nowMs);
    if (circuit !== before.circuit) {
      if (circuit.kind === 'open' && settlement.breakerVerdict === 'failure')
        this.#recordStreak(provider, before);
      this.#putCircuit(provider, after, circuit, moment, referenceOf(settlement.outcome));
    } else if (after !== before) this.#tables.providers.put(provider, after);
    if (settlement.consequence !== undefined) this.#apply(admission, settlement.consequence, moment);
  }

  #apply({ request }: Admission, consequence: Consequence, { nowMs }: Moment): void {
    const { audit, providers } = this.#tables;
    const { provider, model } = request.target;
    switch (consequence.kind) {
      case 'rateLimitPause': {
        const { kind, forMs, ...said } = consequence;
        // Other calls that were on their way report the same pause.
        if (!providers.rateLimitPauses(provider, nowMs).has(model))
          audit.append(nowMs, kind, { provider, model, ...said });
        providers.startRateLimitPause(provider, model, Math.ceil(nowMs + forMs));
        break;
      }
      case 'outOfCredit':
      case 'keyRejected':
        providers.put(provider, {
          ...providers.get(provider),
          [consequence.kind]: request.configFingerprint,
        });
        break;
      case 'offline':
        break;
      default:
        assertNever(consequence);
    }
  }

  /** The state of an open circuit does not contain the number of failures. */
  #recordStreak(provider: string, { circuit }: ProviderState): void {
    const { counters } = this.#tables;
    const before = circuit.kind === 'closed' ? circuit.failures : counters.failuresInARow(provider);
    counters.setFailuresInARow(provider, before + 1);
  }

  /** Writes an audit row if the kind of the circuit changes, but not for each counted failure. */
  #putCircuit(
    provider: string,
    state: ProviderState,
    circuit: ProviderState['circuit'],
    moment: Moment,
    cause: object = {},
  ): void {
    this.#tables.providers.put(provider, { ...state, circuit });
    if (circuit.kind !== state.circuit.kind) {
      this.#tables.audit.append(moment.nowMs, 'circuit', {
        provider,
        from: storedCircuitKind[state.circuit.kind],
        to: storedCircuitKind[circuit.kind],
        ...cause,
      });
    }
  }
}

function inputCost(request: AdmitRequest, reservation: Reservation): number | undefined {
  const { price } = request.demand;
  if (price === undefined) return undefined;
  return costMicroUsd(price, { inputTokens: reservation.inputTokens, outputTokens: 0 });
}

function clearedUsage(hold: StoredAdmission): Usage {
  return {
    requests: hold.requests === 0 ? 0 : 1,
    inputTokens: hold.inputTokens,
    cachedInputTokens: 0,
    outputTokens: 0,
    costMicroUsd: hold.inputMicroUsd ?? undefined,
    estimated: true,
  };
}

/** The provider's own names for the error that changed a circuit. */
function verdictOf({ outcome, usage }: Settlement): CallVerdict {
  if (outcome.kind === 'complete') return 'succeeded';
  return outcome.kind === 'aborted' || usage.requests === 0 ? 'neither' : 'failed';
}

/** The state after the outcome, without the circuit. The same object if nothing changes. */
function recordOutcome(state: ProviderState, { outcome }: Settlement, nowMs: number): ProviderState {
  if (outcome.kind === 'complete') {
    if (state.outOfCredit === undefined && state.keyRejected === undefined) return state;
    return { ...state, outOfCredit: undefined, keyRejected: undefined };
  }
  if (outcome.kind === 'aborted' || outcome.kind === 'unsent') return state;
  return { ...state, lastFailureMs: nowMs, lastFailure: describeFailure(outcome) };
}
