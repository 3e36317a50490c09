import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { parseRow } from './stored-row.ts';

/** No clock is as wrong as this. Later days would not sort as text. */
const latestYear = 9_000;

const seenSchema = z.object({
  ms: z.number().max(Date.UTC(latestYear)),
  // Empty in a new ledger.
  day: z.union([z.literal(''), z.iso.date().refine((day) => Number(day.slice(0, 4)) < latestYear)]),
});

export type Seen = z.infer<typeof seenSchema>;

/** The mark is written at most this often. Otherwise every transaction would write one page more. */
export const raisedEveryMs = 1_000;

/** The latest time and day that any window has seen, accurate to a second. */
export class HighWaterMark {
  readonly #get: StatementSync;
  readonly #put: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT latest_ms AS ms, latest_day AS day FROM high_water_mark');
    this.#put = db.prepare('UPDATE high_water_mark SET latest_ms = ?, latest_day = ?');
  }

  latest(): Seen {
    return parseRow(seenSchema, this.#get.get(), 'high_water_mark');
  }

  /** `seen` is the result of `latest()` in the same transaction, so the row is read once for each write. */
  raise(moment: { readonly nowMs: number; readonly day: string }, seen: Seen): void {
    if (moment.day === seen.day && moment.nowMs - seen.ms < raisedEveryMs) return;
    this.#put.run(Math.max(moment.nowMs, seen.ms), moment.day);
  }
}
