import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { commitsBetween } from '../../../src/ledger/checkpointer.ts';
import { sleep, systemClock } from '../../../src/shared/clock.ts';
import { admitted, folder, letGoAfterEach, openWindow } from './ledger-fixture.ts';

/** The holds that are in the file itself, beside those in its log. */
function holdsInFile(file: string): number {
  const copy = path.join(folder(), 'copy.db');
  copyFileSync(file, copy);
  const db = new DatabaseSync(copy);
  const row = db.prepare('SELECT count(*) AS holds FROM hold').get();
  db.close();
  return Number(row?.['holds']);
}

describe('the checkpoints of the ledger', () => {
  letGoAfterEach();

  it('are made without the extension host, once enough was committed', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock);
    // SQLite itself makes none, so that only the thread can.
    window.db.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA wal_checkpoint(TRUNCATE)');
    for (let n = 1; n < commitsBetween; n++) await admitted(window);
    assert.equal(holdsInFile(file), 0);
    await admitted(window);
    while (holdsInFile(file) < commitsBetween) await sleep(systemClock, 20);
  });

  it('do not keep a window from closing', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock);
    for (let n = 0; n < commitsBetween; n++) await admitted(window);
    window.store.dispose();
    assert.equal(holdsInFile(file), commitsBetween);
  });
});
