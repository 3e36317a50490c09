import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { closedCircuit } from '../../guard/breaker.ts';
import { increments, isIncrement } from './counter-table.ts';
import { minuteMs } from './minute.ts';
import { serializeCircuit } from './stored-row.ts';
import { addUp, usageColumns, usedColumns } from './usage-table.ts';

/** How long a cleared call waits for its owner to come back, for example from the sleep of a laptop. */
const clearedKeptMs = 30 * 86_400_000;
/** A reader adds settled calls to the sums, so there must be few of them. */
const mostSettled = 32;

/**
 * Adds settled calls to the sums of their day, to the counters and to the state of their provider. Doing that for many
 * calls at once writes each page of those tables once, not once for each call.
 */
export class SettledCalls {
  readonly #count: StatementSync;
  readonly #toUsage: StatementSync;
  readonly #toCounters: StatementSync;
  readonly #toProviders: StatementSync;
  readonly #toRecentUse: StatementSync;
  readonly #drop: StatementSync;
  readonly #dropRecentUse: StatementSync;

  readonly #others: readonly { addSettled(): void }[];

  /** `others` are added to in the same transactions. */
  constructor(db: DatabaseSync, others: readonly { addSettled(): void }[]) {
    this.#others = others;
    const settled = `FROM admission WHERE state = 'settled'`;
    this.#count = db.prepare(`SELECT count(*) AS count ${settled}`);
    this.#toUsage = db.prepare(`
      INSERT INTO usage (day, provider, model, tenant, ${usageColumns.join(', ')})
      SELECT day, provider, model, tenant, ${usedColumns.map((column) => `sum(${column})`).join(', ')} ${settled}
      GROUP BY day, provider, model, tenant ON CONFLICT DO UPDATE SET ${addUp(usageColumns)}`);
    this.#toCounters = db.prepare(`
      INSERT INTO counter (provider, name, value)
      SELECT provider, increment.key, sum(increment.value)
      FROM admission, ${increments} WHERE state = 'settled' AND ${isIncrement}
      GROUP BY provider, increment.key
      ON CONFLICT DO UPDATE SET value = value + excluded.value`);
    this.#toProviders = db.prepare(`
      INSERT INTO provider (id, circuit, last_ok_ms)
      SELECT provider, ?, max(settled_ms) ${settled} AND succeeded = 1 GROUP BY provider
      ON CONFLICT DO UPDATE SET last_ok_ms = max(coalesce(last_ok_ms, 0), excluded.last_ok_ms)`);
    this.#toRecentUse = db.prepare(`
      INSERT INTO recent_use (admitted_ms, provider, model, tenant, requests, tokens)
      SELECT admitted_ms, provider, model, tenant, sum(requests), sum(input_tokens + output_tokens)
      ${settled} AND admitted_ms > ? GROUP BY admitted_ms, provider, model, tenant
      ON CONFLICT DO UPDATE SET ${addUp(['requests', 'tokens'])}`);
    this.#drop = db.prepare(`
      DELETE FROM admission WHERE state = 'settled' OR state = 'cleared' AND admitted_ms < ?`);
    this.#dropRecentUse = db.prepare('DELETE FROM recent_use WHERE admitted_ms <= ?');
  }

  /** Call this after each settlement. It does nothing while there are few settled calls. */
  addToSumsIfMany(nowMs: number): void {
    if (Number(this.#count.get()?.['count']) >= mostSettled) this.addToSums(nowMs);
  }

  /** Call this in a transaction, so that no reader sees a call in both places or in none. */
  addToSums(nowMs: number): void {
    this.#toUsage.run();
    for (const other of this.#others) other.addSettled();
    this.#toCounters.run();
    this.#toProviders.run(serializeCircuit(closedCircuit));
    this.#dropRecentUse.run(nowMs - minuteMs);
    this.#toRecentUse.run(nowMs - minuteMs);
    this.#drop.run(nowMs - clearedKeptMs);
  }
}
