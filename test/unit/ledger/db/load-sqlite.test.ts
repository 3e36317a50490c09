import assert from 'node:assert/strict';
import type * as sqlite from 'node:sqlite';
import { LedgerError } from '../../../../src/ledger/db/ledger-error.ts';
import { loadSqlite } from '../../../../src/ledger/db/load-sqlite.ts';

/** `node:sqlite` as another version of Node.js has it. */
function otherSqlite(version: { readonly isOpen?: boolean; readonly fails?: string }): typeof sqlite {
  class DatabaseSync {
    readonly isOpen = version.isOpen;
    exec(): void {
      // It has the statements that are run.
    }
    prepare() {
      return {
        get: () => {
          if (version.fails !== undefined) throw new Error(version.fails);
          return {};
        },
      };
    }
    close(): void {
      // Nothing is open.
    }
  }
  return { DatabaseSync } as unknown as typeof sqlite;
}

describe('loadSqlite', () => {
  it('loads an SQLite that has everything that the ledger uses', async () => {
    assert.equal(typeof (await loadSqlite()).DatabaseSync, 'function');
  });

  const lacking: [string, () => Promise<typeof sqlite>][] = [
    ['is missing', () => Promise.reject(new Error('No such built-in module: node:sqlite'))],
    ['does not say whether it is open', () => Promise.resolve(otherSqlite({}))],
    [
      'binds no parameter twice',
      () => Promise.resolve(otherSqlite({ isOpen: true, fails: 'column index out of range' })),
    ],
    ['binds no parameter by name', () => Promise.resolve(otherSqlite({ isOpen: true }))],
    [
      'knows no STRICT tables',
      () => Promise.resolve(otherSqlite({ isOpen: true, fails: 'near "STRICT": syntax error' })),
    ],
  ];
  for (const [what, load] of lacking) {
    it(`refuses an SQLite that ${what} and names the version that works`, async () => {
      await assert.rejects(loadSqlite(load), (error) => {
        assert.ok(error instanceof LedgerError);
        assert.match(
          error.message,
          /^this editor runs Node\.js [\d.]+, whose node:sqlite is missing or too old/,
        );
        assert.match(error.message, /Update to a version with Node\.js 22\.17 or later$/);
        return true;
      });
    });
  }
});
