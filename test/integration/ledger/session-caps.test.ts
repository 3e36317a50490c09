import assert from 'node:assert/strict';
import path from 'node:path';
import { openLedger } from '../../../src/ledger/db/open-database.ts';
import { applyRetention } from '../../../src/ledger/retention.ts';
import { sessionUseLimits } from '../../../src/shared/limits.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testKeys } from '../../support/open-ledger.ts';
import { admitted, folder, letGoAfterEach, noonMs, openWindow, refused } from './ledger-fixture.ts';
import { capOf, completed, request, used } from './ledger-requests.ts';

const dayMs = 86_400_000;
const inSession = (session: string, limit: number) => ({
  caps: [capOf('tokensPerSession', limit, { session })],
  session,
});

describe('caps of sessions', () => {
  letGoAfterEach();

  const open = (file: string, clock: FakeClock) => openWindow(file, clock);

  it('are exact over windows: of all that ask at once, only those get through that fit', async () => {
    const file = path.join(folder(), 'ledger.db');
    const clock = new FakeClock(noonMs);
    const [one, two] = [await open(file, clock), await open(file, clock)];
    const asked = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        (n % 2 === 0 ? one : two).ledger.admit(request({ ...inSession('s-1', 1_000), callId: `call-${n}` })),
      ),
    );
    // Each call holds 150.
    assert.equal(asked.filter(({ ok }) => ok).length, 6);
  });

  it('count the calls of earlier days, of this session only, also after the calls were added up', async () => {
    const file = path.join(folder(), 'ledger.db');
    const clock = new FakeClock(noonMs);
    const window = await open(file, clock);
    for (let n = 0; n < 70; n++)
      await window.ledger.settle(await admitted(window, inSession('s-1', 100_000)), completed());
    clock.setWall(noonMs + 3 * dayMs);
    const refusal = await refused(window, inSession('s-1', 70 * 110 + 149));
    assert.ok(refusal.kind === 'cap');
    assert.deepEqual([refusal.used, refusal.held, refusal.resetsAtMs], [70 * 110, 0, undefined]);
    await admitted(window, inSession('s-1', 70 * 110 + 150));
    await admitted(window, inSession('s-2', 150));
    const again = await open(file, clock);
    await refused(again, inSession('s-1', 70 * 110 + 150 + 149));
  });

  it('charge what a window that died may have used, until its owner comes back', async () => {
    const file = path.join(folder(), 'ledger.db');
    const clock = new FakeClock(noonMs);
    const window = await open(file, clock);
    const asleep = await admitted(window, inSession('s-1', 1_000));
    clock.setWall(noonMs + 3_600_000);
    await window.ledger.settle(await admitted(window, inSession('s-2', 1_000)), completed());
    const usedBy = async () => {
      const refusal = await refused(window, inSession('s-1', 1));
      return refusal.kind === 'cap' ? refusal.used : undefined;
    };
    assert.equal(await usedBy(), 100);
    await window.ledger.settle(asleep, completed(used({ inputTokens: 500, outputTokens: 7 })));
    assert.equal(await usedBy(), 507);
  });

  it('write no row for a call without such a cap', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await open(file, new FakeClock(noonMs));
    for (let n = 0; n < 40; n++) await window.ledger.settle(await admitted(window), completed());
    await applyRetention(window.tables, window.transactions, { usageDays: 1, auditDays: 1 }, testKeys);
    assert.equal(await rowsIn(file), 0);
  });

  async function rowsIn(file: string): Promise<number> {
    const { db } = await openLedger(file, new FakeClock(noonMs));
    const count = Number(db.prepare('SELECT count(*) AS count FROM session_use').get()?.['count']);
    db.close();
    return count;
  }

  it('keep the last sessions only, and none for longer than 30 days', async () => {
    const file = path.join(folder(), 'ledger.db');
    const clock = new FakeClock(noonMs);
    const window = await open(file, clock);
    const { db } = await openLedger(file, clock);
    db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${sessionUseLimits.sessions})
      INSERT INTO session_use SELECT 'old-' || i, ${noonMs} - 100000 + i, 5, 5 FROM n`);
    db.close();
    for (let n = 0; n < 40; n++)
      await window.ledger.settle(await admitted(window, inSession(`new-${n}`, 1_000)), completed());
    assert.equal(await rowsIn(file), sessionUseLimits.sessions);
    const refusal = await refused(window, inSession('new-0', 1));
    assert.equal(refusal.kind === 'cap' && refusal.used, 110);
    clock.setWall(noonMs + (sessionUseLimits.days + 1) * dayMs);
    await applyRetention(window.tables, window.transactions, { usageDays: 90, auditDays: 90 }, testKeys);
    assert.equal(await rowsIn(file), 0);
  });
});
