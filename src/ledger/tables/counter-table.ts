import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { Increments } from '../counters.ts';
import type { CounterReader, Counters } from '../readers.ts';
import { parseRow } from './stored-row.ts';

const rowSchema = z.object({ provider: z.string(), name: z.string(), value: z.number() });

/**
 * What the calls of `admission` add, as a table. Another program may have spoiled `counted`. An error would then lose
 * the settlement of a later call.
 */
export const increments = `json_each(iif(json_valid(admission.counted), admission.counted, '{}')) AS increment`;

/** More than one call adds to any counter. */
export const isIncrement = `increment.type = 'integer' AND increment.value BETWEEN 1 AND 1000000000000000`;

export class CounterTable implements CounterReader {
  readonly #add: StatementSync;
  readonly #setFailures: StatementSync;
  readonly #failures: StatementSync;
  readonly #known: StatementSync;
  readonly #all: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(`
      INSERT INTO counter (provider, name, value) SELECT ?, key, value FROM json_each(?) WHERE value > 0
      ON CONFLICT DO UPDATE SET value = value + excluded.value`);
    this.#setFailures = db.prepare(
      "INSERT OR REPLACE INTO counter (provider, name, value) VALUES (?, 'failuresInARow', ?)",
    );
    this.#failures = db.prepare(
      "SELECT provider, name, value FROM counter WHERE provider = ? AND name = 'failuresInARow'",
    );
    this.#known = db.prepare(`
      SELECT 1 FROM counter WHERE provider = $provider
      UNION ALL SELECT 1 FROM admission WHERE provider = $provider AND counted <> '{}' LIMIT 1`);
    // In one statement with the calls that are not added yet, as another window may add them at any moment.
    this.#all = db.prepare(`
      SELECT provider, name, sum(value) AS value FROM (
        SELECT provider, name, value FROM counter
        UNION ALL
        SELECT provider, increment.key, increment.value
        FROM admission, ${increments} WHERE state = 'settled' AND ${isIncrement}
      ) GROUP BY provider, name ORDER BY provider, name`);
  }

  /** Call this in the transaction of the event that it counts. */
  add(provider: string, increments: Increments): void {
    this.#add.run(provider, JSON.stringify(increments));
  }

  setFailuresInARow(provider: string, failures: number): void {
    this.#setFailures.run(provider, failures);
  }

  failuresInARow(provider: string): number {
    const row = this.#failures.get(provider);
    return row === undefined ? 0 : parseRow(rowSchema, row, 'counter').value;
  }

  /** Whether anything was ever counted for this provider. */
  knows(provider: string): boolean {
    return this.#known.get({ provider }) !== undefined;
  }

  all(): ReadonlyMap<string, Counters> {
    const providers = new Map<string, Map<string, number>>();
    for (const row of this.#all.all()) {
      const { provider, name, value } = parseRow(rowSchema, row, 'counter');
      const counters = providers.get(provider) ?? new Map<string, number>();
      providers.set(provider, counters.set(name, value));
    }
    return providers;
  }
}
