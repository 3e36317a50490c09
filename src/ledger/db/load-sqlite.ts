import type * as sqlite from 'node:sqlite';
import { LedgerError } from './ledger-error.ts';

/** The first version whose `node:sqlite` has everything that the ledger uses. */
const worksFrom = '22.17';

/** Loads SQLite and checks that it has what the ledger uses. Throws a LedgerError that names the version that works. */
export async function loadSqlite(
  load: () => Promise<typeof sqlite> = () => import('node:sqlite'),
): Promise<typeof sqlite> {
  try {
    // Dynamic, or an editor without it fails before it can say so.
    const loaded = await load();
    checkFeatures(loaded);
    return loaded;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LedgerError(
      `this editor runs Node.js ${process.versions.node}, whose node:sqlite is missing or too old (${why}). Update to a version with Node.js ${worksFrom} or later`,
      { cause: error },
    );
  }
}

function checkFeatures({ DatabaseSync }: typeof sqlite): void {
  const db = new DatabaseSync(':memory:');
  try {
    if (typeof (db.isOpen as unknown) !== 'boolean') throw new Error('isOpen is missing');
    db.exec('CREATE TABLE feature (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT');
    const insert = db.prepare(
      'INSERT INTO feature (n) VALUES ($n) ON CONFLICT DO UPDATE SET n = $n RETURNING n',
    );
    const found = insert.get({ n: 7 })?.['n'];
    const json = db.prepare(`SELECT value ->> '$.a' AS a FROM json_each(?)`).get('[{"a":7}]')?.['a'];
    if (found !== 7 || json !== 7) throw new Error('parameters are not bound');
  } finally {
    db.close();
  }
}
