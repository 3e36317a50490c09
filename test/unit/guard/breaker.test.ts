import assert from 'node:assert/strict';
import {
  closedCircuit,
  enterCircuit,
  reportToCircuit,
  resetCircuit,
  forceOpen,
  type Circuit,
  type CircuitPass,
} from '../../../src/guard/breaker.ts';
import type { BreakerVerdict } from '../../../src/guard/outcome.ts';

const options = { failures: 5, cooldownMs: 60_000, maxCooldownMs: 600_000, leaseMs: 300_000 };
const nowMs = 1_000_000;

/** Lets a call in; fails the test when it is refused. */
function enter(circuit: Circuit, atMs = nowMs): { circuit: Circuit; pass: CircuitPass } {
  const entered = enterCircuit(circuit, options, atMs);
  assert.ok(entered.ok);
  return entered.value;
}

function report(circuit: Circuit, pass: CircuitPass, signal: BreakerVerdict, atMs = nowMs): Circuit {
  return reportToCircuit(circuit, pass, signal, options, atMs);
}

function afterCalls(...signals: BreakerVerdict[]): Circuit {
  let circuit = closedCircuit;
  for (const signal of signals) circuit = report(circuit, enter(circuit).pass, signal);
  return circuit;
}

const open: Circuit = { kind: 'open', generation: 3, untilMs: nowMs, cooldownMs: 60_000 };

describe('enterCircuit and reportToCircuit', () => {
  it('keep the circuit closed after four failures in a row', () => {
    const circuit = afterCalls('failure', 'failure', 'failure', 'failure');
    assert.deepEqual(circuit, { kind: 'closed', generation: 0, failures: 4 });
  });

  it('open the circuit for 60 s after five failures in a row', () => {
    const circuit = afterCalls('failure', 'failure', 'failure', 'failure', 'failure');
    assert.deepEqual(circuit, { kind: 'open', generation: 1, untilMs: nowMs + 60_000, cooldownMs: 60_000 });
  });

  it('count from zero after a success', () => {
    const circuit = afterCalls('failure', 'failure', 'failure', 'failure', 'success', 'failure');
    assert.deepEqual(circuit, { kind: 'closed', generation: 0, failures: 1 });
  });

  for (const neutral of ['answered', 'none'] as const) {
    it(`do not change the count of failures for the neutral result '${neutral}'`, () => {
      assert.deepEqual(afterCalls('failure', 'failure', neutral), afterCalls('failure', 'failure'));
    });
  }

  it('refuse calls while the circuit is open, and return when to try again', () => {
    const refused = enterCircuit({ ...open, untilMs: nowMs + 1 }, options, nowMs);
    assert.deepEqual(refused, { ok: false, error: { state: 'open', retryAtMs: nowMs + 1 } });
  });

  it('admit exactly one probe after the cooldown, and refuse every other call at once', () => {
    const { circuit, pass } = enter(open);
    assert.equal(pass.probe, true);
    const second = enterCircuit(circuit, options, nowMs);
    // Nobody knows when the probe will be answered: the end of its lease is not when to come back.
    assert.deepEqual(second, { ok: false, error: { state: 'halfOpen' } });
  });

  it('close the circuit when the probe succeeds', () => {
    const { circuit, pass } = enter(open);
    assert.deepEqual(report(circuit, pass, 'success'), { kind: 'closed', generation: 5, failures: 0 });
  });

  it('close the circuit when the probe gets a neutral result: any HTTP answer under 500', () => {
    const { circuit, pass } = enter(open);
    assert.equal(report(circuit, pass, 'answered').kind, 'closed');
  });

  it('open the circuit again with a doubled cooldown when the probe fails', () => {
    const { circuit, pass } = enter(open);
    const after = report(circuit, pass, 'failure');
    assert.deepEqual(after, { kind: 'open', generation: 5, untilMs: nowMs + 120_000, cooldownMs: 120_000 });
  });

  it('double the cooldown up to ten minutes', () => {
    const { circuit, pass } = enter({ ...open, cooldownMs: 400_000 });
    const after = report(circuit, pass, 'failure');
    assert.equal(after.kind === 'open' && after.cooldownMs, 600_000);
  });

  it('start with the configured cooldown again after the circuit was closed', () => {
    let circuit: Circuit = { ...open, cooldownMs: 600_000 };
    const probe = enter(circuit);
    circuit = report(probe.circuit, probe.pass, 'success');
    for (let n = 0; n < 5; n++) circuit = report(circuit, enter(circuit).pass, 'failure');
    assert.equal(circuit.kind === 'open' && circuit.cooldownMs, 60_000);
  });

  it('free the slot of an aborted probe for the next call', () => {
    const { circuit, pass } = enter(open);
    const freed = report(circuit, pass, 'none');
    assert.equal(freed.kind, 'open');
    assert.equal(enter(freed).pass.probe, true);
  });

  it('free the slot of a probe whose window died when its lease ends', () => {
    const { circuit } = enter(open);
    assert.equal(enterCircuit(circuit, options, nowMs + options.leaseMs - 1).ok, false);
    assert.equal(enter(circuit, nowMs + options.leaseMs).pass.probe, true);
  });

  it('ignore the result of a probe that lost its lease', () => {
    const lost = enter(open);
    const { circuit } = enter(lost.circuit, nowMs + options.leaseMs);
    assert.equal(report(circuit, lost.pass, 'success'), circuit);
  });

  it('ignore a late result of an earlier generation', () => {
    const early = enter(closedCircuit);
    const opened = afterCalls('failure', 'failure', 'failure', 'failure', 'failure');
    for (const signal of ['success', 'failure', 'answered', 'none'] as const) {
      assert.equal(report(opened, early.pass, signal), opened);
    }
    const probe = enter(opened, nowMs + 60_000);
    assert.equal(report(probe.circuit, early.pass, 'success'), probe.circuit);
  });

  it('refuse every call after forceOpen, until resetCircuit', () => {
    const forced = forceOpen(closedCircuit);
    const refused = enterCircuit(forced, options, nowMs + 1e12);
    assert.deepEqual(refused, { ok: false, error: { state: 'forcedOpen' } });
    assert.deepEqual(resetCircuit(forced), { kind: 'closed', generation: 2, failures: 0 });
  });

  it('ignore the result of a call in progress after a user changed the circuit', () => {
    const { pass } = enter(closedCircuit);
    const forced = forceOpen(closedCircuit);
    assert.equal(report(forced, pass, 'success'), forced);
    const reset = resetCircuit(forced);
    assert.equal(report(reset, pass, 'failure'), reset);
  });
});
