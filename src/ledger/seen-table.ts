import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { parseRow } from './rows.ts';

const seenSchema = z.object({ ms: z.number(), day: z.string() });

export type Seen = z.infer<typeof seenSchema>;

/** Noting every millisecond would make each transaction write one page more. */
const notedEveryMs = 1_000;

/** The latest time and day that any window has seen, to a second. */
export class SeenTable {
  readonly #get: StatementSync;
  readonly #put: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT latest_ms AS ms, latest_day AS day FROM seen');
    this.#put = db.prepare('UPDATE seen SET latest_ms = ?, latest_day = ?');
  }

  latest(): Seen {
    return parseRow(seenSchema, this.#get.get(), 'seen');
  }

  note(moment: { readonly nowMs: number; readonly day: string }): void {
    const seen = this.latest();
    if (moment.day === seen.day && moment.nowMs - seen.ms < notedEveryMs) return;
    this.#put.run(Math.max(moment.nowMs, seen.ms), moment.day);
  }
}
