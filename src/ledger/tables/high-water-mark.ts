import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { parseRow } from './stored-row.ts';

/** No clock is as wrong as this. Later days would not sort as text. */
const latestYear = 9_000;

const seenSchema = z.object({
  // Read by itself, because a later row would hide an invalid mark.
  markMs: z.number(),
  ms: z.number().max(Date.UTC(latestYear)),
  // Empty in a new ledger.
  day: z.union([z.literal(''), z.iso.date().refine((day) => Number(day.slice(0, 4)) < latestYear)]),
  /** How often the ledger's time has followed a clock that came back. */
  returns: z.int(),
});

export type Seen = Omit<z.infer<typeof seenSchema>, 'markMs'>;

/** How much later a time may be than the latest that is stored. */
const accuracyMs = 1_000;

/**
 * The latest time and day that any window has seen, accurate to a second. The mark takes a page of its own, so it is
 * written only where the rows of calls and of the audit trail do not hold the time anyway.
 */
export class HighWaterMark {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #setBack: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare(`
      SELECT latest_ms AS markMs, latest_day AS day, returns,
        max(latest_ms,
          coalesce((SELECT at_ms FROM audit_row ORDER BY seq DESC LIMIT 1), 0),
          coalesce((SELECT admitted_ms FROM admission ORDER BY number DESC LIMIT 1), 0)) AS ms
      FROM latest_time`);
    this.#put = db.prepare('UPDATE latest_time SET latest_ms = ?, latest_day = ?');
    this.#setBack = db.prepare('UPDATE latest_time SET latest_ms = ?, latest_day = ?, returns = returns + 1');
  }

  latest(): Seen {
    return parseRow(seenSchema, this.#get.get(), 'latest_time');
  }

  /** Call it at the end of a transaction. `seen` is the result of `latest()` at its beginning. */
  raise(moment: Omit<Seen, 'returns'>, seen: Seen): void {
    if (isNear(moment, seen) || isNear(moment, this.latest())) return;
    this.#put.run(Math.max(moment.ms, seen.ms), moment.day);
  }

  /** The clock had been ahead. No row may have a later time after this. */
  setBack(nowMs: number, day: string): void {
    this.#setBack.run(nowMs, day);
  }
}

function isNear(moment: Omit<Seen, 'returns'>, stored: Seen): boolean {
  return moment.day === stored.day && moment.ms - stored.ms < accuracyMs;
}
