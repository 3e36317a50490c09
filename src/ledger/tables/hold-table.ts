import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { CapScope, Reservation } from '../../guard/caps.ts';
import type { Usage } from '../../guard/ledger-port.ts';
import { minuteMs } from './minute.ts';
import { parseRow } from './stored-row.ts';
import { notedEveryMs } from './high-water-mark.ts';
import { scopeFilter, type UsageKey } from './usage-table.ts';

const holdSchema = z.object({
  id: z.string(),
  state: z.enum(['open', 'cleared', 'settled']),
  day: z.string(),
  provider: z.string(),
  model: z.string(),
  tenant: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costMicroUsd: z.number().nullable(),
  inputMicroUsd: z.number().nullable(),
});

/** What one call reserved, as it is stored. */
export type StoredHold = z.infer<typeof holdSchema>;

export interface NewHold extends UsageKey {
  readonly id: string;
  readonly admittedMs: number;
  readonly expiresMs: number;
  readonly reservation: Reservation;
  /** What the input alone may cost: charged if the hold's window dies. */
  readonly inputMicroUsd: number | undefined;
}

const columns = `id, state, day, provider, model, tenant, input_tokens AS inputTokens,
  output_tokens AS outputTokens, micro_usd AS costMicroUsd, input_micro_usd AS inputMicroUsd`;

/** How long a cleared hold waits for its owner to come back, from a laptop's sleep for example. */
const clearedKeptMs = 30 * 86_400_000;
/** So that one admission never has to clear a crowd. */
const clearedAtOnce = 50;

/** Holds: open ones, those whose window died, and the calls of the last minute. */
export class HoldTable {
  readonly #db: DatabaseSync;
  readonly #byScope = new Map<string, StatementSync>();
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #expired: StatementSync;
  readonly #clear: StatementSync;
  readonly #settle: StatementSync;
  readonly #renew: StatementSync;
  readonly #prune: StatementSync;
  #prunedMs = -Infinity;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare(`
      INSERT INTO hold (id, state, day, provider, model, tenant, admitted_ms, expires_ms, requests, input_tokens,
        output_tokens, micro_usd, input_micro_usd)
      VALUES (?, 'open', ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)`);
    this.#get = db.prepare(`SELECT ${columns} FROM hold WHERE id = ?`);
    this.#expired = db.prepare(
      `SELECT ${columns} FROM hold WHERE state = 'open' AND expires_ms <= ? LIMIT ${clearedAtOnce}`,
    );
    this.#clear = db.prepare(`UPDATE hold SET state = 'cleared', output_tokens = 0 WHERE id = ?`);
    this.#settle = db.prepare(`
      UPDATE hold SET state = 'settled', requests = ?, input_tokens = ?, output_tokens = ? WHERE id = ?`);
    this.#renew = db.prepare(`UPDATE hold SET expires_ms = ? WHERE id = ? AND state = 'open'`);
    this.#prune = db.prepare(`
      DELETE FROM hold WHERE admitted_ms < ? AND (state = 'settled' OR state = 'cleared' AND admitted_ms < ?)`);
  }

  insert(hold: NewHold): void {
    const { reservation } = hold;
    this.#insert.run(
      hold.id,
      hold.day,
      hold.provider,
      hold.model,
      hold.tenant,
      hold.admittedMs,
      hold.expiresMs,
      reservation.inputTokens,
      reservation.outputTokens,
      reservation.costMicroUsd ?? null,
      hold.inputMicroUsd ?? null,
    );
  }

  get(id: string): StoredHold | undefined {
    const row = this.#get.get(id);
    return row === undefined ? undefined : parseRow(holdSchema, row, 'hold');
  }

  /** Some of the open holds whose time has come. */
  expired(nowMs: number): StoredHold[] {
    return this.#expired.all(nowMs).map((row) => parseRow(holdSchema, row, 'hold'));
  }

  clear(id: string): void {
    this.#clear.run(id);
  }

  /** Keeps the real figures for the caps that count the last minute. */
  settle(id: string, usage: Usage): void {
    this.#settle.run(usage.requests, usage.inputTokens, usage.outputTokens, id);
  }

  renew(id: string, expiresMs: number): void {
    this.#renew.run(expiresMs, id);
  }

  /** Now and then is enough, and cheaper than a few rows at every settlement. */
  prune(nowMs: number): void {
    if (nowMs - this.#prunedMs < notedEveryMs) return;
    this.#prunedMs = nowMs;
    this.#prune.run(nowMs - minuteMs, nowMs - clearedKeptMs);
  }

  /** Calls under way. */
  callsAtOnce(scope: CapScope): number {
    return this.#sums(`count(*) AS requests, 0 AS tokens, NULL AS oldestMs`, `state = 'open'`, scope)
      .requests;
  }

  /** Calls admitted after `sinceMs`, with what they hold or used, and when the first of them was admitted. */
  since(sinceMs: number, scope: CapScope): MinuteUse {
    return this.#sums(
      `coalesce(sum(requests), 0) AS requests, coalesce(sum(input_tokens + output_tokens), 0) AS tokens,
       min(admitted_ms) AS oldestMs`,
      `admitted_ms > ?`,
      scope,
      sinceMs,
    );
  }

  #sums(select: string, condition: string, scope: CapScope, ...first: number[]): MinuteUse {
    const { names, values } = scopeFilter(scope);
    const where = [condition, ...names].join(' AND ');
    let statement = this.#byScope.get(where);
    if (statement === undefined) {
      statement = this.#db.prepare(`SELECT ${select} FROM hold WHERE ${where}`);
      this.#byScope.set(where, statement);
    }
    return parseRow(minuteSchema, statement.get(...first, ...values), 'hold');
  }
}

const minuteSchema = z.object({ requests: z.number(), tokens: z.number(), oldestMs: z.number().nullable() });

export type MinuteUse = z.infer<typeof minuteSchema>;
