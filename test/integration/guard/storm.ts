import { defaultCircuitOptions } from '../../../src/guard/breaker.ts';
import type { CallResult } from '../../../src/guard/call-state.ts';
import { defaultRetryOptions } from '../../../src/guard/retry.ts';
import { reply } from '../../support/fault-upstream.ts';
import { hear } from '../../support/guard-fixture.ts';
import { callTo, patient, startWorld } from './faulty-world.ts';

export interface StormPlan {
  readonly calls: number;
  readonly atOnce: number;
  /** False: a breaker that never opens, so that the retries are seen by themselves. */
  readonly breaks?: boolean;
}

export interface Storm {
  readonly calls: number;
  /** What the provider saw. */
  readonly requests: number;
  /** What the calls say that they sent. */
  readonly attempts: number;
  readonly refused: { readonly circuit: number; readonly rest: number };
  readonly circuit: string;
  /** Audit rows about changes of the circuit. */
  readonly circuitRows: number;
  readonly holdsLeft: number;
  readonly chargedTokens: number;
}

/** Calls to one model that answers nothing but this status, with the retry budget as it is by default. */
export async function storm(status: 429 | 500, plan: StormPlan): Promise<Storm> {
  const retry = { ...defaultRetryOptions, baseMs: 10, capMs: 20 };
  const circuit = plan.breaks === false ? patient.circuit : defaultCircuitOptions;
  const world = await startWorld({ rules: { retry, ...(circuit === undefined ? {} : { circuit }) } });
  const headers = status === 429 ? { 'retry-after': '3600' } : {};
  world.upstream.script(reply(status, { error: { message: 'no' } }, headers));
  const results: CallResult[] = [];
  let left = plan.calls;
  const callInTurn = async () => {
    while (left > 0) {
      left -= 1;
      results.push((await hear(world.guard.run(callTo('stormy')))).result);
    }
  };
  try {
    await Promise.all(Array.from({ length: plan.atOnce }, callInTurn));
    const refusedBy = (kind: string) =>
      results.filter((result) => result.kind === 'refused' && result.refusal.kind === kind).length;
    const { audit, admissions, usage } = world.window.tables;
    return {
      calls: results.length,
      requests: world.upstream.seen.length,
      attempts: results.reduce((sum, { attempts }) => sum + attempts, 0),
      refused: { circuit: refusedBy('circuit'), rest: refusedBy('rest') },
      circuit: world.state().circuit.kind,
      circuitRows: audit.latest('circuit', 100).length,
      holdsLeft: admissions.callsAtOnce({}),
      chargedTokens: usage.totals('0000', '9999', {}).inputTokens,
    };
  } finally {
    await world.close();
  }
}
