import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { CounterName, Increments } from '../counters.ts';
import { parseRow } from './stored-row.ts';

const rowSchema = z.object({ provider: z.string(), name: z.string(), value: z.number() });

/** What was counted of one provider, by the names of `counters.ts`; an absent one is 0. */
export type Counters = ReadonlyMap<string, number>;

/**
 * Totals by provider since the ledger began: they survive restarts and the pruning of usage and audit rows, and
 * never go down, as whoever scrapes them takes a fall for a restart.
 */
export class CounterTable {
  readonly #add: StatementSync;
  readonly #set: StatementSync;
  readonly #get: StatementSync;
  readonly #known: StatementSync;
  readonly #all: StatementSync;

  constructor(db: DatabaseSync) {
    // One statement for all of a call's: this is on the way of every call.
    this.#add = db.prepare(`
      INSERT INTO counter (provider, name, value) SELECT ?1, key, value FROM json_each(?2) WHERE value > 0
      ON CONFLICT DO UPDATE SET value = value + excluded.value`);
    this.#set = db.prepare('INSERT OR REPLACE INTO counter (provider, name, value) VALUES (?, ?, ?)');
    this.#get = db.prepare('SELECT provider, name, value FROM counter WHERE provider = ? AND name = ?');
    this.#known = db.prepare('SELECT 1 FROM counter WHERE provider = ? LIMIT 1');
    this.#all = db.prepare('SELECT provider, name, value FROM counter ORDER BY provider, name');
  }

  /** Within the transaction of what is counted. */
  add(provider: string, increments: Increments): void {
    this.#add.run(provider, JSON.stringify(increments));
  }

  set(provider: string, name: CounterName, value: number): void {
    this.#set.run(provider, name, value);
  }

  get(provider: string, name: CounterName): number {
    const row = this.#get.get(provider, name);
    return row === undefined ? 0 : parseRow(rowSchema, row, 'counter').value;
  }

  /** Whether anything of it was ever counted. */
  knows(provider: string): boolean {
    return this.#known.get(provider) !== undefined;
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
