import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { CapScope } from '../../guard/caps.ts';
import type { CallReader, CallRow, HourOfModel } from '../readers.ts';
import { LedgerError } from '../db/ledger-error.ts';
import { storedAuditKind } from '../stored-words.ts';
import { parseRow } from './stored-row.ts';
import { scopeFilter } from './usage-table.ts';

const hourSchema = z.object({
  hour: z.number(),
  provider: z.string(),
  model: z.string(),
  requests: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  costMicroUsd: z.number(),
  unknownCost: z.number(),
});

const hourMs = 3_600_000;

/** By how much the times of rows may go back: earlier versions compared them with a mark of this accuracy. */
const spreadMs = 1_000;

/** A clock comes back seldom. Only the latest returns are looked at, whatever the table holds. */
const mostReturns = 100;

/** A number from the body of a row, limited to what can be counted, as the body may hold anything. */
const amount = (name: string) =>
  `min(max(0, coalesce(CAST(body ->> '$.usage.${name}' AS REAL), 0)), ${Number.MAX_SAFE_INTEGER}) AS ${name}`;

export class CallRows implements CallReader {
  readonly #db: DatabaseSync;
  readonly #newest: StatementSync;
  readonly #at: StatementSync;
  readonly #returns: StatementSync;
  readonly #after: StatementSync;
  readonly #before: StatementSync;
  readonly #hours = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#newest = db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM audit_row');
    this.#at = db.prepare('SELECT seq, at_ms AS atMs FROM audit_row WHERE seq >= ? ORDER BY seq LIMIT 1');
    this.#returns = db.prepare(
      `SELECT seq FROM audit_row WHERE kind <> 'call' AND kind = '${storedAuditKind.clock}' ORDER BY seq DESC LIMIT ${mostReturns}`,
    );
    const columns = 'seq, at_ms AS atMs, body';
    this.#after = db.prepare(
      `SELECT ${columns} FROM audit_row WHERE seq > ? AND kind = 'call' ORDER BY seq LIMIT ?`,
    );
    this.#before = db.prepare(
      `SELECT ${columns} FROM audit_row WHERE seq < ? AND kind = 'call' ORDER BY seq DESC LIMIT ?`,
    );
  }

  newest(): number {
    return Number(this.#newest.get()?.['seq']);
  }

  after(seq: number, most: number): CallRow[] {
    return this.#after.all(seq, most).map(callRow);
  }

  before(seq: number, most: number): CallRow[] {
    return this.#before.all(seq, most).map(callRow);
  }

  /**
   * The numbers of the first and behind the last row that may be in this time. Times grow with the numbers, but windows
   * may differ by as much as `spreadMs`, and they go back where a clock came back that had been ahead.
   */
  #between(fromMs: number, toMs: number): { readonly fromSeq: number; readonly toSeq: number } {
    const returns = this.#returns.all().map(({ seq }) => Number(seq));
    let found = { fromSeq: Infinity, toSeq: 0 };
    let end = this.newest() + 1;
    for (const start of [...returns, 0]) {
      const fromSeq = this.#firstAt(fromMs - spreadMs, start, end);
      const toSeq = this.#firstAt(toMs + spreadMs, start, end);
      if (fromSeq < toSeq)
        found = { fromSeq: Math.min(found.fromSeq, fromSeq), toSeq: Math.max(found.toSeq, toSeq) };
      end = start;
    }
    return found.toSeq === 0 ? { fromSeq: 0, toSeq: 0 } : found;
  }

  /** The first number from `low` on, and before `high`, whose row is not earlier than `atMs`, by binary search. */
  #firstAt(atMs: number, low: number, high: number): number {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#at.get(middle);
      if (row !== undefined && Number(row['atMs']) < atMs) low = Number(row['seq']) + 1;
      else high = middle;
    }
    return low;
  }

  byHour(fromMs: number, toMs: number, scope: CapScope): HourOfModel[] {
    const { names, values } = scopeFilter(scope);
    const where = ['requests = 1', 'provider IS NOT NULL', 'model IS NOT NULL', ...names].join(' AND ');
    let statement = this.#hours.get(where);
    if (statement === undefined) {
      statement = this.#db.prepare(hourSql(where));
      this.#hours.set(where, statement);
    }
    return statement
      .all({
        ...{ fromMs, toMs },
        ...this.#between(fromMs, toMs),
        ...values,
      })
      .map((row) => parseRow(hourSchema, row, 'audit'));
  }
}

/** Checked without a schema, which would take longer than the rest of the work on a row. */
function callRow({ seq, atMs, body }: Record<string, SQLOutputValue>): CallRow {
  if (typeof seq !== 'number' || typeof atMs !== 'number' || typeof body !== 'string') {
    throw new LedgerError('its table audit_row contains a row in an unexpected format');
  }
  return { seq, atMs, body };
}

function hourSql(where: string): string {
  return `
    WITH sound AS (
      SELECT CAST((at_ms - $fromMs) / ${hourMs} AS INTEGER) AS hour,
        CASE WHEN json_valid(body) THEN body ELSE '{}' END AS body
      FROM audit_row
      WHERE seq >= $fromSeq AND seq < $toSeq AND at_ms >= $fromMs AND at_ms < $toMs AND kind = 'call'
    ), call AS (
      SELECT hour, CAST(body ->> 'tenant' AS TEXT) AS tenant, CAST(body ->> 'provider' AS TEXT) AS provider,
        CAST(body ->> 'model' AS TEXT) AS model, body ->> 'outcome' AS outcome,
        body ->> '$.usage.requests' AS requests, body ->> '$.usage.costMicroUsd' IS NULL AS unknownCost,
        ${amount('inputTokens')}, ${amount('cachedInputTokens')}, ${amount('outputTokens')},
        ${amount('costMicroUsd')}
      FROM sound
    )
    SELECT hour, provider, model, count(*) AS requests, sum(outcome = 'done') AS succeeded,
      sum(outcome = 'failed') AS failed, sum(inputTokens) AS inputTokens,
      sum(cachedInputTokens) AS cachedInputTokens, sum(outputTokens) AS outputTokens,
      sum(costMicroUsd) AS costMicroUsd, sum(unknownCost) AS unknownCost
    FROM call WHERE ${where} GROUP BY hour, provider, model ORDER BY hour, provider, model`;
}
