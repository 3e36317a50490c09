import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { TokenEntry, TokenReader } from '../readers.ts';
import { parseRow } from './stored-row.ts';

const tokenSchema = z.object({
  id: z.string(),
  kind: z.enum(['calls', 'management', 'readOnly']),
  tenant: z.string().nullable(),
  hash: z.string(),
  createdMs: z.number(),
  process: z.int().nullable(),
  settings: z.string(),
}) satisfies z.ZodType<TokenEntry>;

/** The gateway's tokens, the oldest first. */
export class TokenTable implements TokenReader {
  readonly #all: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(db: DatabaseSync) {
    this.#all = db.prepare(`
      SELECT id, kind, tenant, hash, created_ms AS createdMs, process, settings
      FROM gateway_token ORDER BY created_ms, id`);
    this.#put = db.prepare('INSERT INTO gateway_token VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#remove = db.prepare('DELETE FROM gateway_token WHERE id = ?');
  }

  all(): TokenEntry[] {
    return this.#all.all().map((row) => parseRow(tokenSchema, row, 'gateway_token'));
  }

  put({ id, kind, tenant, hash, createdMs, process, settings }: TokenEntry): void {
    this.#put.run(id, kind, tenant, hash, createdMs, process, settings);
  }

  remove(id: string): void {
    this.#remove.run(id);
  }
}
