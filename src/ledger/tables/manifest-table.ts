import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { parseRow } from './stored-row.ts';

const rowSchema = z.object({ provider: z.string(), entry: z.string() });

/** The keys that should exist, by provider. An entry is JSON that the vault wrote, without secrets. */
export class ManifestTable {
  readonly #all: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(db: DatabaseSync) {
    this.#all = db.prepare('SELECT provider, entry FROM manifest ORDER BY provider');
    this.#put = db.prepare('INSERT OR REPLACE INTO manifest VALUES (?, ?)');
    this.#remove = db.prepare('DELETE FROM manifest WHERE provider = ?');
  }

  all(): { provider: string; entry: string }[] {
    return this.#all.all().map((row) => parseRow(rowSchema, row, 'manifest'));
  }

  put(provider: string, entry: string): void {
    this.#put.run(provider, entry);
  }

  remove(provider: string): void {
    this.#remove.run(provider);
  }
}
