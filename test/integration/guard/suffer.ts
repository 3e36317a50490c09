import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { defaultTimeouts, type DeadlineName, type Timeouts } from '../../../src/guard/deadlines.ts';
import { estimateInputTokens } from '../../../src/guard/estimate.ts';
import { resultOf } from '../../support/work-result.ts';
import { freshProvider } from '../../../src/ledger/tables/provider-table.ts';
import { answer, answeredUsage } from '../../support/fault-upstream.ts';
import { callOf, hear, type Heard } from '../../support/guard-fixture.ts';
import type { Fault } from './fault-table.ts';
import { callTo, inTurn, startWorld, type World } from './faulty-world.ts';

export interface Suffered {
  readonly name: string;
  readonly calls: number;
  readonly hung: number;
  readonly billedTwice: number;
  /** How long after its deadline the last call ended, for each timer that had to run out; below 0: before. */
  readonly latestMs: number;
}

const hungAfterMs = 90_000;
const retries = 2;
const longestWaitMs = 20;
const inputEstimate = resultOf(estimateInputTokens(callOf().prompt));

/**
 * Many calls at once to a provider with this fault: every time, or only at the first attempt of each call. Asserts
 * that each ends as the table says.
 */
export async function suffer(fault: Fault, lasts: boolean, calls: number): Promise<Suffered> {
  const timeouts: Timeouts = { ...defaultTimeouts, callMs: 5_000, ...fault.timeouts };
  const { place = 'upstream', isOnline = true } = fault;
  const world = await startWorld({ place, isOnline, rules: { timeouts } });
  try {
    world.upstream.script(lasts ? fault.behaviour : inTurn(fault.behaviour, answer()));
    const circuit = { kind: 'closed', generation: 0, failures: 1 } as const;
    await world.window.transactions.write(() => {
      world.window.tables.providers.put('acme', { ...freshProvider, circuit });
    });
    const models = Array.from({ length: calls }, (_, n) => `m-${n}`);
    const ended = await Promise.all(models.map((model) => endOf(world, model)));
    const heals = fault.retry && passes(fault) && !lasts;
    const attempts = !fault.retry ? 1 : heals ? 2 : 1 + retries;
    for (const { heard } of ended) assertEnd(fault, heals, attempts, heard);
    assertState(fault, heals, world, calls);
    for (const model of models) assertWait(fault, world, model);
    const guessed = fault.guessed ? (heals ? 1 : attempts) : 0;
    const deadlineMs = deadlineOf(fault.timer, timeouts, attempts);
    const reported = heals || fault.ends === 'complete' ? 1 : 0;
    const inputTokens = guessed * inputEstimate + reported * answeredUsage.prompt_tokens;
    return {
      name: fault.name,
      calls,
      hung: ended.filter(({ heard }) => heard === undefined).length,
      billedTwice: models.filter((model) => !isBilledOnce(world, model, inputTokens)).length,
      latestMs: (Math.max(...ended.map(({ tookMs }) => tookMs)) - deadlineMs) / attempts,
    };
  } finally {
    await world.close();
  }
}

/** An address that leads nowhere does so at every attempt. */
export function passes({ place }: Fault): boolean {
  return place === undefined;
}

async function endOf({ guard }: World, model: string) {
  const startMs = performance.now();
  const hung = setTimeout(hungAfterMs, undefined, { ref: false });
  const heard = await Promise.race([hear(guard.run(callTo(model))), hung]);
  return { heard, tookMs: performance.now() - startMs };
}

/** When a call must be over: when its timer has run out at every attempt, and else at the deadline of the call. */
function deadlineOf(timer: DeadlineName | undefined, timeouts: Timeouts, attempts: number): number {
  if (timer === undefined || timer === 'call') return timeouts.callMs;
  return Math.min(timeouts.callMs, attempts * timeouts[`${timer}Ms`] + (attempts - 1) * longestWaitMs);
}

function assertEnd(fault: Fault, heals: boolean, attempts: number, heard: Heard | undefined): void {
  if (heard === undefined) return;
  const { result, text } = heard;
  const ends = result.kind === 'failed' ? result.failure.kind : result.kind;
  const expected = heals || fault.ends === 'complete' ? 'done' : fault.ends;
  assert.deepEqual([ends, result.attempts], [expected, attempts], fault.name);
  // Nothing of the attempt that failed, and nothing twice.
  if (result.kind === 'done') assert.equal(text, 'Hello world', fault.name);
  const lifecycle = heard.parts.map(({ type }) => type).filter((type) => !type.endsWith('-delta'));
  assert.deepEqual(lifecycle, [...new Set(lifecycle)], fault.name);
  if (result.kind !== 'failed' || result.failure.kind !== 'timeout') return;
  assert.equal(result.failure.timer, fault.timer, fault.name);
}

/** One failure was counted before. */
function assertState(fault: Fault, heals: boolean, world: World, calls: number): void {
  const { circuit, ...state } = world.state();
  const breaker = heals ? 'success' : fault.breaker;
  const failures = { success: 0, neutral: 1, failure: 1 + calls }[breaker];
  assert.deepEqual(circuit, { kind: 'closed', generation: 0, failures }, fault.name);
  const { admissions, providers, audit } = world.window.tables;
  const said = {
    rest: providers.rateLimitPauses('acme', 0).size === calls,
    outOfCredit: state.outOfCredit !== undefined,
    keyRejected: state.keyRejected !== undefined,
  };
  const expected = { rest: false, outOfCredit: false, keyRejected: false };
  if (fault.also !== undefined) expected[fault.also] = true;
  assert.deepEqual(said, expected, fault.name);
  assert.equal(admissions.callsAtOnce({}), 0, `${fault.name}: holds left`);
  assert.equal(audit.latest('call', 2 * calls).length, calls, `${fault.name}: audit rows`);
  assert.deepEqual(world.trouble, [], fault.name);
}

function assertWait({ name, waitsMs }: Fault, { upstream }: World, model: string): void {
  if (waitsMs === undefined) return;
  const times = upstream.seen.filter(({ body }) => body.includes(`"${model}"`)).map(({ atMs }) => atMs);
  const waits = times.slice(1).map((atMs, n) => atMs - (times[n] ?? 0));
  assert.ok(
    waits.length > 0 && waits.every((ms) => ms >= waitsMs - 1),
    `${name}: waited ${waits.join(', ')} ms`,
  );
}

function isBilledOnce({ window }: World, model: string, inputTokens: number): boolean {
  const sums = window.store.usage.totals('0000', '9999', { model });
  return sums.requests === 1 && sums.inputTokens === inputTokens;
}
