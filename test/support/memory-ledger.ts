import { decideAdmission } from '../../src/guard/admission.ts';
import { closedCircuit, reportToCircuit, type Circuit } from '../../src/guard/breaker.ts';
import type { Cap, CapUse } from '../../src/guard/caps.ts';
import type {
  Admission,
  AdmitRequest,
  CallRecord,
  Ledger,
  Settlement,
  Usage,
} from '../../src/guard/ledger-port.ts';
import type { Consequence } from '../../src/guard/outcome.ts';
import type { Refusal } from '../../src/guard/refusal.ts';
import { ok, type Result } from '../../src/shared/result.ts';
import type { Clock } from '../../src/shared/clock.ts';

/** A ledger without a disk, days or minutes: for tests of the guard alone, and the bench beside peers. */
export class MemoryLedger implements Ledger {
  readonly records: CallRecord[] = [];
  readonly settlements: Settlement[] = [];
  readonly rests = new Map<string, number>();
  readonly open = new Map<string, Admission>();
  readonly used: { request: AdmitRequest; usage: Usage }[] = [];
  readonly circuits = new Map<string, Circuit>();
  renewals = 0;
  keepsUsage = true;
  readonly #clock: Clock;
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  admit(request: AdmitRequest): Promise<Result<Admission, Refusal>> {
    const { provider, model } = request.target;
    const circuit = this.circuits.get(provider) ?? closedCircuit;
    const standing = {
      circuit,
      paused: false,
      rateLimitPauseUntilMs: this.rests.get(`${provider}/${model}`),
      outOfCredit: undefined,
    };
    const caps = {
      use: (cap: Cap) => this.#useOf(cap),
      hasShortCall: (cap: Cap) =>
        [...this.open.values()].some(
          ({ request, reservation }) => reservation.short === true && covers(cap, request),
        ),
    };
    const decided = decideAdmission(request, standing, caps, this.#clock.nowMs());
    if (!decided.ok) return Promise.resolve(decided);
    this.circuits.set(provider, decided.value.circuit);
    const { pass, reservation } = decided.value;
    const admission = { holdId: String(this.#next++), request, pass, reservation, renewEveryMs: 180_000 };
    this.open.set(admission.holdId, admission);
    return Promise.resolve(ok(admission));
  }

  renew(): Promise<void> {
    this.renewals += 1;
    return Promise.resolve();
  }

  apply(admission: Admission, consequence: Consequence): Promise<void> {
    const { provider, model } = admission.request.target;
    if (consequence.kind === 'rateLimitPause')
      this.rests.set(`${provider}/${model}`, this.#clock.nowMs() + consequence.forMs);
    return Promise.resolve();
  }

  settle(admission: Admission, settlement: Settlement, record?: CallRecord): Promise<void> {
    if (!this.open.delete(admission.holdId)) throw new Error(`hold ${admission.holdId} was already settled`);
    const { provider } = admission.request.target;
    const circuit = this.circuits.get(provider) ?? closedCircuit;
    const { breakerVerdict: signal, consequence } = settlement;
    if (consequence !== undefined) void this.apply(admission, consequence);
    const options = admission.request.circuit;
    this.circuits.set(
      provider,
      reportToCircuit(circuit, admission.pass, signal, options, this.#clock.nowMs()),
    );
    if (this.keepsUsage) {
      this.settlements.push(settlement);
      this.used.push({ request: admission.request, usage: settlement.usage });
      if (record !== undefined) this.records.push(record);
    }
    return Promise.resolve();
  }

  record(record: CallRecord): Promise<void> {
    this.records.push(record);
    return Promise.resolve();
  }

  #useOf(cap: Cap): CapUse {
    const mine = (request: AdmitRequest) => covers(cap, request);
    const isTokens = cap.kind === 'tokensPerDay' || cap.kind === 'tokensPerMinute';
    const held = [...this.open.values()]
      .filter((admission) => mine(admission.request))
      .reduce((sum, { reservation: r }) => sum + (isTokens ? r.inputTokens + r.outputTokens : 1), 0);
    if (cap.kind === 'callsAtOnce') return { used: 0, held };
    const used = this.used
      .filter(({ request }) => mine(request))
      .reduce((sum, { usage: u }) => sum + (isTokens ? u.inputTokens + u.outputTokens : u.requests), 0);
    return { used, held };
  }
}

function covers({ scope }: Cap, { target, tenant }: AdmitRequest): boolean {
  return (
    (scope.provider ?? target.provider) === target.provider &&
    (scope.model ?? target.model) === target.model &&
    (scope.tenant ?? tenant) === tenant
  );
}
