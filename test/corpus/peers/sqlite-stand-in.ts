import { DatabaseSync } from 'node:sqlite';

interface Options {
  readonly readonly?: boolean;
  readonly timeout?: number;
}

/** What claude-code-router uses of the package better-sqlite3, with the SQLite of Node.js. */
export class Database {
  private readonly database: DatabaseSync;

  constructor(file: string, { readonly = false, timeout = 5_000 }: Options = {}) {
    this.database = new DatabaseSync(file, { readOnly: readonly, timeout });
  }

  get inTransaction() {
    return this.database.isTransaction;
  }

  prepare(sql: string) {
    return this.database.prepare(sql);
  }

  exec(sql: string) {
    this.database.exec(sql);
    return this;
  }

  pragma(text: string) {
    return this.database.prepare(`PRAGMA ${text}`).all();
  }

  transaction<Args extends unknown[], Result>(work: (...args: Args) => Result) {
    return (...args: Args): Result => {
      this.database.exec('BEGIN');
      try {
        const result = work(...args);
        this.database.exec('COMMIT');
        return result;
      } catch (failure) {
        this.database.exec('ROLLBACK');
        throw failure;
      }
    };
  }

  close() {
    this.database.close();
  }
}
