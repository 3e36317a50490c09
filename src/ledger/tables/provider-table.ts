import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { closedCircuit } from '../../guard/breaker.ts';
import type { ProviderReader, ProviderState } from '../readers.ts';
import { parseCircuit, parseRow, serializeCircuit } from './stored-row.ts';

const rowSchema = z.object({
  circuit: z.string(),
  paused: z.number(),
  outOfCredit: z.string().nullable(),
  keyRejected: z.string().nullable(),
  lastFailureMs: z.number().nullable(),
  lastFailure: z.string().nullable(),
});

export const freshProvider: ProviderState = {
  circuit: closedCircuit,
  paused: false,
  outOfCredit: undefined,
  keyRejected: undefined,
  lastFailureMs: undefined,
  lastFailure: undefined,
};

/** The state of each provider: circuit, rate-limit pauses, marks. */
export class ProviderTable implements ProviderReader {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #lastOk: StatementSync;
  readonly #rests: StatementSync;
  readonly #rest: StatementSync;
  readonly #endRateLimitPauses: StatementSync;
  readonly #remove: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare(`
      SELECT circuit, paused, out_of_credit AS outOfCredit, key_rejected AS keyRejected,
        last_failure_ms AS lastFailureMs, last_failure AS lastFailure
      FROM provider WHERE id = ?`);
    this.#put = db.prepare(`
      INSERT INTO provider (id, circuit, paused, out_of_credit, key_rejected, last_failure_ms, last_failure)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET circuit = excluded.circuit, paused = excluded.paused,
        out_of_credit = excluded.out_of_credit, key_rejected = excluded.key_rejected,
        last_failure_ms = excluded.last_failure_ms, last_failure = excluded.last_failure`);
    this.#lastOk = db.prepare(`
      SELECT max(ms) AS lastOkMs FROM (
        SELECT last_ok_ms AS ms FROM provider WHERE id = $id
        UNION ALL SELECT settled_ms FROM admission WHERE provider = $id AND succeeded = 1
      )`);
    this.#rests = db.prepare(
      `SELECT model, until_ms AS untilMs FROM rest WHERE provider = ? AND until_ms > ?`,
    );
    this.#rest = db.prepare(`
      INSERT INTO rest VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)`);
    this.#endRateLimitPauses = db.prepare(`DELETE FROM rest WHERE provider = ?`);
    this.#remove = db.prepare(`DELETE FROM provider WHERE id = ?`);
  }

  get(id: string): ProviderState {
    const row = this.#get.get(id);
    if (row === undefined) return freshProvider;
    const stored = parseRow(rowSchema, row, 'provider');
    return {
      circuit: parseCircuit(stored.circuit),
      paused: stored.paused !== 0,
      outOfCredit: stored.outOfCredit ?? undefined,
      keyRejected: stored.keyRejected ?? undefined,
      lastFailureMs: stored.lastFailureMs ?? undefined,
      lastFailure: stored.lastFailure ?? undefined,
    };
  }

  put(id: string, state: ProviderState): void {
    this.#put.run(
      id,
      serializeCircuit(state.circuit),
      state.paused ? 1 : 0,
      state.outOfCredit ?? null,
      state.keyRejected ?? null,
      state.lastFailureMs ?? null,
      state.lastFailure ?? null,
    );
  }

  lastOkMs(id: string): number | undefined {
    return parseRow(lastOkSchema, this.#lastOk.get({ id }), 'provider').lastOkMs ?? undefined;
  }

  rateLimitPauses(provider: string, nowMs: number): ReadonlyMap<string, number> {
    const rows = this.#rests.all(provider, nowMs).map((row) => parseRow(pauseSchema, row, 'rest'));
    return new Map(rows.map(({ model, untilMs }) => [model, untilMs]));
  }

  startRateLimitPause(provider: string, model: string, untilMs: number): void {
    this.#rest.run(provider, model, untilMs);
  }

  endRateLimitPauses(provider: string): void {
    this.#endRateLimitPauses.run(provider);
  }

  /** Forgets circuit, pauses and marks of a provider that was removed. */
  remove(id: string): void {
    this.#remove.run(id);
    this.#endRateLimitPauses.run(id);
  }
}

const lastOkSchema = z.object({ lastOkMs: z.number().nullable() });
const pauseSchema = z.object({ model: z.string(), untilMs: z.number() });
