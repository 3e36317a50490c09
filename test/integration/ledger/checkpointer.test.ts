import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { commitsBetween } from '../../../src/ledger/db/checkpointer.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { until } from '../../support/vscode/until.ts';
import { admitted, folder, letGoAfterEach, openWindow } from './ledger-fixture.ts';

/**
 * The number of holds in the file itself, without those in its log. Undefined if the file was copied while the thread
 * wrote, so that the copy is not a whole database.
 */
function holdsInFile(file: string): number | undefined {
  const copy = path.join(folder(), 'copy.db');
  copyFileSync(file, copy);
  const db = new DatabaseSync(copy);
  try {
    return Number(db.prepare('SELECT count(*) AS holds FROM admission').get()?.['holds']);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR') return undefined;
    throw error;
  } finally {
    db.close();
  }
}

function allInFile(file: string): Promise<unknown> {
  return until(
    'all holds to be in the file',
    () => Promise.resolve(holdsInFile(file)),
    (holds) => holds === commitsBetween,
  );
}

describe('Checkpointer', () => {
  letGoAfterEach();

  it('makes a checkpoint in its thread after enough commits', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock);
    // SQLite itself makes no checkpoint, so only the thread can.
    window.db.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA wal_checkpoint(TRUNCATE)');
    for (let n = 1; n < commitsBetween; n++) await admitted(window);
    assert.equal(holdsInFile(file), 0);
    await admitted(window);
    await allInFile(file);
  });

  it('does not keep a window from closing', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock);
    for (let n = 0; n < commitsBetween; n++) await admitted(window);
    window.dispose();
    // The thread deletes it if it was still working when the window closed.
    await allInFile(file);
  });
});
