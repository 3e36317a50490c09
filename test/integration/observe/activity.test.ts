import assert from 'node:assert/strict';
import { readActivity } from '../../../src/observe/activity.ts';
import { admitted, freshWindow, letGoAfterEach, noonMs } from '../ledger/ledger-fixture.ts';
import { completed, recordOf } from '../ledger/ledger-requests.ts';

describe('readActivity', () => {
  letGoAfterEach();

  it('lists usage of today by tenant and route, over all providers and models', async () => {
    const window = await freshWindow();
    for (const [tenant, model] of [
      ['work', 'small'],
      ['default', 'small'],
      ['work', 'large'],
    ] as const) {
      const target = { provider: 'acme', model };
      await window.ledger.settle(await admitted(window, { tenant, target }), completed());
    }
    assert.deepEqual(
      [...readActivity(window.store).tenants],
      [
        ['default', { requests: 1, inputTokens: 80, outputTokens: 30 }],
        ['work', { requests: 2, inputTokens: 160, outputTokens: 60 }],
      ],
    );
    window.clock.sleepMachine(86_400_000);
    assert.equal(readActivity(window.store).tenants.size, 0);
  });

  it('lists the latest 20 calls, the newest first', async () => {
    const window = await freshWindow();
    const record = recordOf(await admitted(window));
    for (let attempts = 1; attempts <= 25; attempts++) await window.ledger.record({ ...record, attempts });
    const { calls } = readActivity(window.store);
    assert.deepEqual(
      calls.map(({ attempts }) => attempts),
      Array.from({ length: 20 }, (_, n) => 25 - n),
    );
    assert.deepEqual([calls[0]?.seq, calls[0]?.atMs, calls[0]?.outcome], [25, noonMs, 'done']);
  });

  it('leaves out a row of an unknown shape', async () => {
    const window = await freshWindow();
    await window.ledger.record(recordOf(await admitted(window)));
    await window.transactions.write(({ nowMs }) => {
      window.tables.audit.append(nowMs, 'call', { outcome: 'strange' });
    });
    assert.equal(readActivity(window.store).calls.length, 1);
  });
});
