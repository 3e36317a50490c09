import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { metricsText } from '../../../src/observe/metrics/metrics.ts';
import { skipBecause } from '../../support/skip.ts';
import { admitted, freshWindow, letGoAfterEach, type Window } from '../ledger/ledger-fixture.ts';
import { completed, failed, recordOf } from '../ledger/ledger-requests.ts';
import { settingsOf, snapshotOf } from './observe-fixture.ts';

const settings = settingsOf({
  acme: { kind: 'openai', limits: { requestsPerDay: 100 } },
  beta: { kind: 'anthropic' },
  box: { kind: 'sandbox' },
});

/** Two answered calls, one failed, one refused and one in progress. */
async function busyWindow(): Promise<Window> {
  const window = await freshWindow();
  for (const totalMs of [400, 3_000]) {
    const admission = await admitted(window);
    await window.ledger.settle(admission, completed(), { ...recordOf(admission), retries: 1, totalMs });
  }
  const admission = await admitted(window);
  const record = recordOf(admission);
  await window.ledger.settle(admission, failed(), { ...record, outcome: 'failed', reason: 'http' });
  await window.ledger.record({ ...record, outcome: 'refused', reason: 'cap' });
  await window.ledger.record({ ...record, provider: 'made-up', outcome: 'refused', reason: 'settings' });
  await admitted(window);
  await window.store.override('beta', 'forceOpen');
  return window;
}

/** The samples by name and labels, as Prometheus would read them. */
function samplesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

describe('metricsText', () => {
  letGoAfterEach();

  it("has the contract's names, each with the label provider only", async () => {
    const window = await busyWindow();
    const text = await metricsText(snapshotOf(window.store, settings));
    const samples = samplesOf(text);
    const contract = Object.entries(samples).filter(([name]) =>
      /^llm_(requests_total|circuit_state|failure_count|rate_limit_remaining)\{/.test(name),
    );
    assert.deepEqual(Object.fromEntries(contract), {
      'llm_requests_total{provider="acme"}': 3,
      'llm_requests_total{provider="beta"}': 0,
      'llm_requests_total{provider="box"}': 0,
      'llm_failure_count{provider="acme"}': 1,
      'llm_failure_count{provider="beta"}': 0,
      'llm_failure_count{provider="box"}': 0,
      'llm_circuit_state{provider="acme"}': 0,
      'llm_circuit_state{provider="beta"}': 1,
      'llm_circuit_state{provider="box"}': 0,
      // 3 requests are used and one is held. The others have no cap, and therefore no series.
      'llm_rate_limit_remaining{provider="acme"}': 96,
    });
    const types = text.match(
      /^# TYPE llm_(?:requests_total|failure_count|circuit_state|rate_limit_remaining) .*/gm,
    );
    assert.deepEqual(types?.sort(), [
      '# TYPE llm_circuit_state gauge',
      '# TYPE llm_failure_count counter',
      '# TYPE llm_rate_limit_remaining gauge',
      '# TYPE llm_requests_total counter',
    ]);
  });

  it('reports tokens by direction, cost, retries, refusals and failures by reason, and holds', async () => {
    const samples = samplesOf(await metricsText(snapshotOf((await busyWindow()).store, settings)));
    const expected = {
      'llm_tokens_total{provider="acme",direction="input"}': 240,
      'llm_tokens_total{provider="acme",direction="output"}': 90,
      'llm_cached_input_tokens_total{provider="acme"}': 60,
      'llm_cost_usd_total{provider="acme"}': 0.00042,
      'llm_retries_total{provider="acme"}': 2,
      'llm_failures_total{provider="acme",reason="http"}': 1,
      'llm_refusals_total{provider="acme",reason="cap"}': 1,
      'llm_refusals_total{provider="_unknown",reason="settings"}': 1,
      'llm_held_requests{provider="acme"}': 1,
      'llm_held_tokens{provider="acme"}': 150,
      'llm_key_state{provider="acme",state="set"}': 1,
      'llm_provider_active{provider="acme"}': 1,
    };
    const names = Object.keys(expected);
    assert.deepEqual(Object.fromEntries(names.map((name) => [name, samples[name]])), expected);
  });

  it('has histograms that add up', async () => {
    const samples = samplesOf(await metricsText(snapshotOf((await busyWindow()).store, settings)));
    const of = (part: string) => samples[`llm_request_duration_seconds_${part}`];
    assert.deepEqual(
      [
        of('bucket{le="0.5",provider="acme"}'),
        of('bucket{le="2.5",provider="acme"}'),
        of('bucket{le="5",provider="acme"}'),
        of('bucket{le="+Inf",provider="acme"}'),
        of('count{provider="acme"}'),
        of('sum{provider="acme"}'),
        of('count{provider="beta"}'),
      ],
      [1, 1, 2, 2, 2, 3.4, 0],
    );
    assert.equal(samples['llm_time_to_first_token_seconds_bucket{le="0.1",provider="acme"}'], 2);
  });

  it('passes promtool, except for the one name that the contract requires', async function () {
    const input = await metricsText(snapshotOf((await busyWindow()).store, settings));
    const checked = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    if (checked.error !== undefined)
      skipBecause(this, "promtool is missing (Debian's package prometheus has it)");
    const found = (checked.stdout + checked.stderr).split('\n').filter((line) => line !== '');
    assert.deepEqual(
      found.filter((line) => !line.startsWith('llm_failure_count ')),
      [],
    );
    assert.ok(found.length > 0, 'promtool did not even complain of llm_failure_count');
  });
});
