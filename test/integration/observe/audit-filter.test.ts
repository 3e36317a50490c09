import assert from 'node:assert/strict';
import { readAuditRows, type AuditFilter } from '../../../src/observe/audit-filter.ts';
import { admitted, freshWindow, letGoAfterEach, noonMs } from '../ledger/ledger-fixture.ts';
import { recordOf } from '../ledger/ledger-requests.ts';

/** A trail with one row per minute, and the numbers of the rows that a filter finds. */
async function trail() {
  const window = await freshWindow();
  const record = recordOf(await admitted(window));
  const changes = [
    {},
    { provider: 'zeta' },
    { outcome: 'refused', reason: 'cap', tenant: 'work' },
    { outcome: 'failed', reason: 'http', model: 'large' },
    { outcome: 'aborted' },
  ] as const;
  for (const change of changes) {
    await window.ledger.record({ ...record, ...change });
    await window.clock.advance(60_000);
  }
  await window.transactions.write(({ nowMs }) => {
    window.tables.audit.append(nowMs, 'user', { provider: 'zeta', act: 'pause' });
  });
  return {
    window,
    find: async (filter: AuditFilter, most = 100) =>
      (await readAuditRows(window.store, filter, most)).map(({ seq }) => seq),
  };
}

describe('readAuditRows', () => {
  letGoAfterEach();

  const filters: [what: string, filter: AuditFilter, found: number[]][] = [
    ['everything, the newest first', {}, [6, 5, 4, 3, 2, 1]],
    ['a kind', { kind: 'call' }, [5, 4, 3, 2, 1]],
    ['what a user did', { kind: 'user' }, [6]],
    ['a provider, of any kind', { provider: 'zeta' }, [6, 2]],
    ['a model', { model: 'large' }, [4]],
    ['a tenant', { tenant: 'work' }, [3]],
    ['any of some outcomes', { kind: 'call', outcomes: ['refused', 'failed', 'aborted'] }, [5, 4, 3]],
    ['a reason', { outcomes: ['refused'], reason: 'cap' }, [3]],
    ['a time, its end not included', { fromMs: noonMs + 60_000, toMs: noonMs + 180_000 }, [3, 2]],
    ['nothing where nothing fits', { provider: 'nobody' }, []],
  ];
  for (const [what, filter, found] of filters) {
    it(`finds ${what}`, async () => {
      assert.deepEqual(await (await trail()).find(filter), found);
    });
  }

  it('returns no more rows than asked for, however many there are', async () => {
    const { window, find } = await trail();
    const record = recordOf(await admitted(window));
    await window.transactions.write(({ nowMs }) => {
      for (let n = 0; n < 1_200; n++) window.tables.audit.append(nowMs, 'call', { ...record, model: 'many' });
    });
    assert.equal((await find({ model: 'many' }, 700)).length, 700);
    assert.equal((await find({ model: 'many' }, 5_000)).length, 1_200);
    assert.deepEqual(await find({ tenant: 'work' }), [3]);
  });
});
