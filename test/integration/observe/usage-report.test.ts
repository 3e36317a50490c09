import assert from 'node:assert/strict';
import path from 'node:path';
import type { CallRecord, Usage } from '../../../src/guard/ledger-port.ts';
import { ReadOnlyLedger } from '../../../src/ledger/db/read-only.ts';
import type { ReportSettings, UsageView } from '../../../src/observe/usage-report/query.ts';
import { ReportReader, type UsageReport } from '../../../src/observe/usage-report/report.ts';
import { usageReportSchema } from '../../../src/panel/panel-messages.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  admitted,
  folder,
  letGoAfterEach,
  noonMs,
  openWindow,
  type Window,
} from '../ledger/ledger-fixture.ts';
import { completed, failed, recordOf, used } from '../ledger/ledger-requests.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

const week: UsageView = { range: '7d', stackBy: 'provider' };
const lastDay: UsageView = { range: '24h', stackBy: 'provider' };

const noSettings: ReportSettings = { providers: [], limits: [], workspaceLimits: {}, tenant: 'default' };

interface Kept {
  readonly provider?: string;
  readonly model?: string;
  readonly tenant?: string;
  readonly usage?: Partial<Usage>;
  readonly record?: Partial<CallRecord>;
}

/** One answered call with its audit row. */
async function call(window: Window, { provider, model, tenant, usage, record }: Kept = {}): Promise<void> {
  const target = { provider: provider ?? 'acme', model: model ?? 'small' };
  const admission = await admitted(window, { target, tenant: tenant ?? 'default' });
  const kept = used(usage);
  await window.ledger.settle(admission, completed(kept), { ...recordOf(admission, kept), ...record });
}

/** One answered call of a program of the gateway. */
async function callOf(window: Window, caller: string): Promise<void> {
  const admission = await admitted(window, { caller });
  await window.ledger.settle(admission, completed(used()), recordOf(admission, used()));
}

async function refusedCall(
  window: Window,
  reason: CallRecord['reason'] & string,
  provider = 'acme',
  repeated?: true,
): Promise<void> {
  const usage = {
    requests: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    costMicroUsd: 0,
  } as const;
  await window.ledger.record({
    callId: 'call-1',
    tenant: 'default',
    frontDoor: 'ask',
    provider,
    model: 'small',
    outcome: 'refused',
    reason,
    ...(repeated === undefined ? {} : { repeated }),
    attempts: 0,
    retries: 0,
    usage: { ...usage, estimated: false },
    totalMs: 0,
  });
}

function reports(window: Window, file: string) {
  const ledger = new ReadOnlyLedger(file, window.store.days.zone);
  const reader = new ReportReader(ledger);
  return {
    read: (view: UsageView, settings = noSettings): UsageReport => {
      const report = reader.read({ ...window.store.now(), view, settings });
      // The page checks it in the same way.
      usageReportSchema.parse(report);
      return report;
    },
    dispose: () => {
      ledger.dispose();
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe('ReportReader', () => {
  letGoAfterEach();

  let file: string;
  let window: Window<FakeClock>;
  let reader: ReturnType<typeof reports>;

  beforeEach(async () => {
    file = path.join(folder(), 'ledger.db');
    window = await openWindow(file, new FakeClock(noonMs));
    reader = reports(window, file);
  });

  afterEach(() => {
    reader.dispose();
  });

  it('has the usage of each tool, of today or of the days of the range, unless the view has a filter', async () => {
    const other = await openWindow(file, new FakeClock(noonMs - dayMs));
    await callOf(other, 'claude');
    window.clock.setWall(noonMs);
    for (const caller of ['claude', 'codex', 'claude']) await callOf(window, caller);
    await call(window);
    const callers = (view: UsageView) =>
      reader.read(view).callers.map(({ name, requests, costMicroUsd }) => [name, requests, costMicroUsd]);
    const cost = used().costMicroUsd ?? NaN;
    assert.deepEqual(callers(lastDay), [
      ['claude', 2, 2 * cost],
      ['codex', 1, cost],
    ]);
    assert.deepEqual(callers(week), [
      ['claude', 3, 3 * cost],
      ['codex', 1, cost],
    ]);
    assert.deepEqual(callers({ ...week, provider: 'acme' }), []);
  });

  it('has the sums of the usage table, by day and by model', async () => {
    for (const [ago, provider, model] of [
      [8, 'acme', 'small'],
      [3, 'acme', 'small'],
      [3, 'acme', 'large'],
      [1, 'zeta', 'small'],
      [0, 'acme', 'small'],
      [0, 'acme', 'small'],
    ] as const) {
      window.clock.setWall(noonMs);
      const other = await openWindow(file, new FakeClock(noonMs - ago * dayMs));
      // A ledger's time never goes back, so the test writes the table as a window of that day would have.
      await other.transactions.write(() => {
        const day = other.store.days.dayOf(noonMs - ago * dayMs);
        other.tables.usage.charge({ day, provider, model, tenant: 'default' }, used(), 'succeeded');
      });
    }
    const report = reader.read(week);
    const table = window.store.usage.rows('2026-01-09', '2026-01-15');
    assert.deepEqual(
      report.buckets.map(({ label }) => label),
      Array.from({ length: 7 }, (_, n) => `2026-01-${String(9 + n).padStart(2, '0')}`),
    );
    for (const [at, { label }] of report.buckets.entries()) {
      const ofDay = table.filter(({ day }) => day === label);
      const shown = (column: 'requests' | 'tokens' | 'costMicroUsd') =>
        sum(report.groups.map((group) => group[column][at] ?? NaN));
      assert.equal(shown('requests'), sum(ofDay.map(({ requests }) => requests)), label);
      assert.equal(shown('tokens'), sum(ofDay.map((row) => row.inputTokens + row.outputTokens)), label);
      assert.equal(shown('costMicroUsd'), sum(ofDay.map(({ costMicroUsd }) => costMicroUsd)), label);
    }
    assert.deepEqual(
      report.models.map(({ provider, model, requests }) => [provider, model, requests]),
      [
        ['acme', 'large', 1],
        ['acme', 'small', 3],
        ['zeta', 'small', 1],
      ],
    );
    const { requests, inputTokens, outputTokens, costMicroUsd } = window.store.usage.totals(
      '2026-01-15',
      '2026-01-15',
      {},
    );
    assert.deepEqual(
      report.tiles.map(({ kind, value }) => [kind, value]),
      [
        ['requests', requests],
        ['tokens', inputTokens + outputTokens],
        ['cost', costMicroUsd],
        ['success', 100],
      ],
    );
  });

  it('leaves days that were added up to a month out of tables and charts', async () => {
    await call(window);
    await window.transactions.write(() => {
      const { usage } = window.tables;
      const key = { day: '2025-11-20', provider: 'acme', model: 'small', tenant: 'default' };
      usage.charge(key, used(), 'succeeded');
      usage.rollUp('2025-12-01');
    });
    const report = reader.read({ ...week, range: '90d' });
    assert.deepEqual(
      [report.models.map(({ requests }) => requests), sum(report.groups.flatMap(({ requests }) => requests))],
      [[1], 1],
    );
  });

  it('applies its filters, and offers all names', async () => {
    await call(window, { provider: 'acme', model: 'small', tenant: 'work' });
    await call(window, { provider: 'acme', model: 'large' });
    await call(window, { provider: 'zeta', model: 'small' });
    for (const base of [week, lastDay]) {
      const requestsOf = (filters: Partial<UsageView>) => {
        const report = reader.read({ ...base, ...filters });
        assert.equal(report.tiles[0]?.value, sum(report.models.map(({ requests }) => requests)));
        assert.equal(report.tiles[0].value, sum(report.groups.flatMap(({ requests }) => requests)));
        assert.equal(report.duration.p50.filter((time) => time !== null).length, 1);
        return report.tiles[0].value;
      };
      assert.equal(requestsOf({}), 3);
      assert.equal(requestsOf({ provider: 'acme' }), 2);
      assert.equal(requestsOf({ model: 'small' }), 2);
      assert.equal(requestsOf({ tenant: 'work' }), 1);
      assert.equal(requestsOf({ provider: 'acme', model: 'large', tenant: 'default' }), 1);
    }
    assert.deepEqual(reader.read({ ...week, provider: 'zeta', tenant: 'work' }).choices, {
      tenants: ['default', 'work'],
      providers: ['acme', 'zeta'],
      models: ['small'],
    });
  });

  it('counts calls of the last 24 hours by the hour in which they ended', async () => {
    await call(window, { usage: { inputTokens: 1_000, outputTokens: 5, costMicroUsd: undefined } });
    await refusedCall(window, 'policy');
    await window.clock.advance(2 * hourMs);
    const admission = await admitted(window);
    const record = { ...recordOf(admission), outcome: 'failed' as const, reason: 'http' as const };
    await window.ledger.settle(admission, failed(), record);
    const report = reader.read(lastDay);
    assert.deepEqual(report.groups[0]?.requests.slice(-3), [1, 0, 1]);
    assert.deepEqual(report.groups[0].tokens.slice(-3), [1_005, 0, 110]);
    const [model] = report.models;
    assert.deepEqual(
      [model?.requests, model?.succeeded, model?.failed, model?.unknownCost, model?.costMicroUsd],
      [2, 1, 1, 1, 140],
    );
    // By day, the table has the same numbers for the same calls.
    const [byDay] = reader.read(week).models;
    assert.deepEqual(model, byDay);
  });

  it('reports how long answered calls took, by bucket and by model', async () => {
    for (const totalMs of [100, 200, 300]) await call(window, { record: { totalMs, firstContentMs: 20 } });
    await call(window, { model: 'large', record: { totalMs: 900, firstContentMs: 40 } });
    await call(window, { record: { totalMs: 60_000, outcome: 'aborted' } });
    const report = reader.read(week);
    assert.equal(report.partial, false);
    assert.deepEqual([report.duration.p50.at(-1), report.duration.p95.at(-1)], [200, 900]);
    assert.deepEqual([report.firstContent.p50.at(-1), report.firstContent.p95.at(-1)], [20, 40]);
    assert.deepEqual(
      report.models.map(({ model, durationP50Ms, durationP95Ms }) => [model, durationP50Ms, durationP95Ms]),
      [
        ['large', 900, 900],
        ['small', 200, 300],
      ],
    );
    assert.equal(report.duration.p50[0], null);
  });

  it('includes rows that were written after the first report', async () => {
    await call(window, { record: { totalMs: 100 } });
    assert.equal(reader.read(week).duration.p50.at(-1), 100);
    await call(window, { record: { totalMs: 10 } });
    await refusedCall(window, 'circuit');
    const report = reader.read(week);
    assert.deepEqual([report.duration.p50.at(-1), report.duration.p95.at(-1)], [10, 100]);
    assert.deepEqual(report.refusals, [{ reason: 'circuit', count: 1 }]);
  });

  it('counts refusals by reason, the most frequent first, even for providers that do not exist', async () => {
    await refusedCall(window, 'cap');
    for (let n = 0; n < 3; n++) await refusedCall(window, 'policy');
    await refusedCall(window, 'policy', 'acme', true);
    await refusedCall(window, 'settings', 'nobody');
    const { refusals, choices } = reader.read(week);
    assert.deepEqual(refusals, [
      { reason: 'policy', count: 3 },
      { reason: 'cap', count: 1 },
      { reason: 'settings', count: 1 },
    ]);
    assert.ok(!choices.providers.includes('nobody'));
  });

  it('reports for each day whether the price of all, some or none of its calls is known', async () => {
    await call(window, { usage: { costMicroUsd: undefined } });
    const costTile = () => reader.read(week).tiles.find(({ kind }) => kind === 'cost');
    assert.deepEqual(costTile(), { kind: 'cost', value: null, unknown: 1 });
    await call(window);
    assert.deepEqual(costTile(), { kind: 'cost', value: 140, unknown: 1 });
  });

  it('has a success rate only if there were calls that succeeded or failed', () => {
    assert.equal(reader.read(week).tiles.find(({ kind }) => kind === 'success')?.value, null);
  });

  it('shows the fullest cap that applies beside each number, holds included', async () => {
    const settings: ReportSettings = {
      ...noSettings,
      providers: [
        { id: 'acme', models: ['small'], limits: { requestsPerDay: 100, requestsPerMinute: 1 } },
        { id: 'zeta', models: [], limits: { requestsPerDay: 3, usdPerMonth: 1_000 } },
      ],
      limits: [{ scope: { tenant: '*', model: '*' }, limits: { tokensPerDay: 1_000 } }],
    };
    await call(window, { provider: 'acme', model: 'small' });
    await call(window, { provider: 'zeta', model: 'large', tenant: 'work' });
    await admitted(window, { target: { provider: 'zeta', model: 'large' } });
    const capsOf = (view: UsageView) => reader.read(view, settings).tiles.map(({ cap }) => cap);
    const requestsOfZeta = { kind: 'requestsPerDay', limit: 3, scope: { provider: 'zeta' }, used: 2 };
    // The hold of the call in progress: its input and its maximum output.
    const tokensHeld = { kind: 'tokensPerDay', limit: 1_000, scope: { tenant: 'default', model: 'large' } };
    assert.deepEqual(capsOf(week), [
      requestsOfZeta,
      { ...tokensHeld, used: 150 },
      { kind: 'usdPerMonth', limit: 1_000, scope: { provider: 'zeta' }, used: 340 },
      undefined,
    ]);
    assert.deepEqual(capsOf({ ...week, provider: 'acme' }), [
      { kind: 'requestsPerDay', limit: 100, scope: { provider: 'acme' }, used: 1 },
      { kind: 'tokensPerDay', limit: 1_000, scope: { tenant: 'default', model: 'small' }, used: 110 },
      undefined,
      undefined,
    ]);
    assert.equal(capsOf({ ...week, tenant: 'work' })[1]?.scope.tenant, 'work');
  });

  it('is empty only if no provider is set up and none was used', async () => {
    assert.equal(reader.read(week).empty, true);
    const settings = { ...noSettings, providers: [{ id: 'acme', models: [], limits: {} }] };
    assert.equal(reader.read(week, settings).empty, false);
    assert.deepEqual(reader.read(week, settings).choices.providers, ['acme']);
    await call(window);
    assert.equal(reader.read(week).empty, false);
  });

  it('keeps hostile names unchanged', async () => {
    const hostile = {
      provider: '<img src=x onerror=alert(1)>',
      model: '[a](command:b)',
      tenant: '\u202egnp.exe',
    };
    await call(window, hostile);
    for (const base of [week, lastDay]) {
      const { groups, models, choices } = reader.read({ ...base, ...hostile });
      assert.equal(groups[0]?.name, hostile.provider);
      assert.deepEqual([models[0]?.provider, models[0]?.model], [hostile.provider, hostile.model]);
      assert.deepEqual(choices.tenants, [hostile.tenant]);
    }
  });

  it("ignores audit rows without a call's shape", async () => {
    await call(window);
    await window.transactions.write(({ nowMs }) => {
      const { audit } = window.tables;
      audit.append(nowMs, 'call', { outcome: 'strange' });
      const usage = { requests: 1, inputTokens: -5, outputTokens: '<b>', costMicroUsd: 1e300 };
      const named = { tenant: 'default', provider: 'acme', model: 'small', outcome: 'done' };
      audit.append(nowMs, 'call', { ...named, totalMs: -1, firstContentMs: 'soon', usage });
    });
    window.db.exec("UPDATE audit_row SET body = 'no JSON' WHERE seq = 2");
    const report = reader.read(lastDay);
    assert.equal(report.models[0]?.requests, 2);
    assert.equal(report.models[0].inputTokens, 80);
    assert.equal(report.duration.p50.at(-1), 30);
  });

  it('is the same in all windows', async () => {
    const other = await openWindow(file, new FakeClock(noonMs));
    const otherReader = reports(other, file);
    await call(window);
    await call(other, { model: 'large' });
    for (const view of [week, lastDay]) assert.deepEqual(otherReader.read(view), reader.read(view));
    otherReader.dispose();
  });

  it('is partial first if there are very many calls, and complete later', async () => {
    const template = JSON.stringify(recordOf(await admitted(window)));
    window.db
      .prepare(
        `INSERT INTO audit_row WITH RECURSIVE n(seq) AS (VALUES (1) UNION ALL SELECT seq + 1 FROM n LIMIT 45000)
         SELECT seq, ?, 'call', ?, 'key-1', x'00' FROM n`,
      )
      .run(noonMs, template);
    const ledger = new ReadOnlyLedger(file, 'UTC');
    const own = new ReportReader(ledger);
    const query = { ...window.store.now(), view: week, settings: noSettings };
    assert.equal(own.read(query).partial, true);
    let steps = 0;
    while (!own.readOn(query)) steps += 1;
    assert.ok(steps > 0);
    const whole = own.read(query);
    assert.deepEqual([whole.partial, whole.duration.p95.at(-1)], [false, 30]);
    ledger.dispose();
  });
});
