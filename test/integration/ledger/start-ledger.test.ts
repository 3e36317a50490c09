import assert from 'node:assert/strict';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createMemorySecrets } from '../../../src/headless/memory-secrets.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { startLedger } from '../../../src/ledger/start-ledger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testRing } from '../../support/open-ledger.ts';
import { folder, letGoAfterEach, noonMs, openWindow } from './ledger-fixture.ts';
import { auditKey, request } from './ledger-requests.ts';

const dayMs = 86_400_000;

describe('startLedger', () => {
  letGoAfterEach();

  async function started(settings: Partial<typeof defaultLedgerSettings>) {
    const home = folder();
    const clock = new FakeClock(noonMs);
    const ledger = await startLedger({
      file: path.join(home, 'ledger.db'),
      anchorFile: path.join(home, 'anchor.json'),
      timeZone: 'UTC',
      settings: { ...defaultLedgerSettings, ...settings },
      clock,
      random: { next: () => 0.5 },
      auditKey: () => auditKey,
      ring: testRing,
      secrets: createMemorySecrets(),
      onTrouble: (error) => {
        throw error;
      },
    });
    const { tables, transactions } = await openWindow(path.join(home, 'ledger.db'), clock);
    return { ...ledger, tables, transactions, clock };
  }

  it('lets holds expire after the time in the settings', async () => {
    const { ledger, tables, ...opened } = await started({ holdMs: 90_000 });
    const admitted = await ledger.admit(request());
    assert.ok(admitted.ok);
    assert.deepEqual(tables.admissions.expired(noonMs + 89_999), []);
    assert.deepEqual(
      tables.admissions.expired(noonMs + 90_001).map(({ holdId }) => holdId),
      [admitted.value.holdId],
    );
    opened.dispose();
  });

  it('drops audit rows after the number of days in the settings', async () => {
    const { store, tables, transactions, clock, trail, ...opened } = await started({ auditDays: 2 });
    await transactions.write(({ nowMs }) => {
      tables.audit.append(nowMs - 3 * dayMs, 'key', { n: 1 });
      tables.audit.append(nowMs - dayMs, 'key', { n: 2 });
    });
    await clock.advance(60_000);
    while (store.audit.after(0, 1)[0]?.kind !== 'checkpoint') await setImmediate();
    assert.deepEqual(
      store.audit.after(0, 2).map(({ seq, kind }) => [seq, kind]),
      [
        [1, 'checkpoint'],
        [2, 'key'],
      ],
    );
    // The anchor is written to the folder that is deleted next.
    while (store.audit.anchorFormat() === undefined) await setImmediate();
    await trail.anchor();
    opened.dispose();
  });
});
