import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { CapScope, Reservation } from '../../guard/caps.ts';
import type { Usage } from '../../guard/ledger-port.ts';
import type { Increments } from '../counters.ts';
import type { UsageKey } from '../readers.ts';
import { parseRow } from './stored-row.ts';
import { scopeFilter, type CallVerdict } from './usage-table.ts';

const rowSchema = z.object({
  number: z.number(),
  id: z.string(),
  state: z.enum(['open', 'cleared', 'settled']),
  day: z.string(),
  provider: z.string(),
  model: z.string(),
  tenant: z.string(),
  token: z.string().nullable(),
  caller: z.string().nullable(),
  session: z.string().nullable(),
  admittedMs: z.number(),
  requests: z.number(),
  inputTokens: z.number(),
  inputMicroUsd: z.number().nullable(),
});

/** The stored row of an admitted call, as far as it is needed. */
export interface StoredAdmission extends Omit<z.infer<typeof rowSchema>, 'number' | 'id'> {
  readonly holdId: string;
}

export interface NewAdmission extends UsageKey {
  readonly admittedMs: number;
  readonly expiresMs: number;
  /** 0 for a call that takes no request from a cap. */
  readonly requests: 0 | 1;
  readonly token: string | undefined;
  readonly caller: string | undefined;
  readonly session: string | undefined;
  readonly reservation: Reservation;
  /** What the input alone may cost: charged if the window dies. */
  readonly inputMicroUsd: number | undefined;
}

/** The real figures of a call, and what it adds to the counters. */
export interface FinalUse {
  readonly usage: Usage;
  readonly verdict: CallVerdict;
  readonly settledMs: number;
  readonly increments: Increments;
}

const minuteSchema = z.object({ requests: z.number(), tokens: z.number(), oldestMs: z.number().nullable() });

export type MinuteUse = z.infer<typeof minuteSchema>;

const columns = `number, id, state, day, provider, model, tenant, token, caller, session,
  admitted_ms AS admittedMs, requests, input_tokens AS inputTokens,
  input_micro_usd AS inputMicroUsd`;

/** One admission clears at most this many, so it stays fast after many windows died. */
const clearedAtOnce = 50;

/**
 * Calls in progress, calls whose window died, and settled calls that are not added to usage yet. There are few of
 * them, so a scan costs less than an index, which every call would have to write.
 */
export class AdmissionTable {
  readonly #db: DatabaseSync;
  readonly #byScope = new Map<string, StatementSync>();
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #expired: StatementSync;
  readonly #clear: StatementSync;
  readonly #settle: StatementSync;
  readonly #renew: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare(`
      INSERT INTO admission (id, state, day, provider, model, tenant, admitted_ms, expires_ms, requests,
        input_tokens, output_tokens, micro_usd, input_micro_usd, token, caller, session, short)
      VALUES (?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#get = db.prepare(`SELECT ${columns} FROM admission WHERE number = ? AND id = ?`);
    this.#expired = db.prepare(
      `SELECT ${columns} FROM admission WHERE state = 'open' AND expires_ms <= ? LIMIT ${clearedAtOnce}`,
    );
    this.#clear = db.prepare(`
      UPDATE admission SET state = 'cleared', output_tokens = 0 WHERE number = ? AND id = ?`);
    this.#settle = db.prepare(`
      UPDATE admission SET state = 'settled', requests = ?, input_tokens = ?, cached_input_tokens = ?,
        output_tokens = ?, micro_usd = ?, estimated = ?, succeeded = ?, failed = ?, settled_ms = ?, counted = ?
      WHERE number = ? AND id = ?`);
    this.#renew = db.prepare(`
      UPDATE admission SET expires_ms = ? WHERE number = ? AND id = ? AND state = 'open'`);
  }

  /** Returns the hold ID, by which the owner of the call finds the row again. */
  insert(admission: NewAdmission): string {
    const { reservation } = admission;
    const id = randomUUID();
    const { lastInsertRowid } = this.#insert.run(
      id,
      admission.day,
      admission.provider,
      admission.model,
      admission.tenant,
      admission.admittedMs,
      admission.expiresMs,
      admission.requests,
      reservation.inputTokens,
      reservation.outputTokens,
      reservation.costMicroUsd ?? null,
      admission.inputMicroUsd ?? null,
      admission.token ?? null,
      admission.caller ?? null,
      admission.session ?? null,
      reservation.short === true ? 1 : 0,
    );
    return holdIdOf(Number(lastInsertRowid), id);
  }

  get(holdId: string): StoredAdmission | undefined {
    const row = this.#get.get(...keyOf(holdId));
    return row === undefined ? undefined : storedAdmission(row);
  }

  /** Some of the open admissions that have expired. */
  expired(nowMs: number): StoredAdmission[] {
    return this.#expired.all(nowMs).map(storedAdmission);
  }

  clear(holdId: string): void {
    this.#clear.run(...keyOf(holdId));
  }

  settle(holdId: string, { usage, verdict, settledMs, increments }: FinalUse): void {
    const counted = Object.entries(increments).filter(([, value]) => value !== undefined && value > 0);
    this.#settle.run(
      usage.requests,
      usage.inputTokens,
      usage.cachedInputTokens,
      usage.outputTokens,
      usage.costMicroUsd ?? null,
      usage.estimated ? usage.requests : 0,
      verdict === 'succeeded' ? 1 : 0,
      verdict === 'failed' ? 1 : 0,
      settledMs,
      JSON.stringify(Object.fromEntries(counted)),
      ...keyOf(holdId),
    );
  }

  renew(holdId: string, expiresMs: number): void {
    this.#renew.run(expiresMs, ...keyOf(holdId));
  }

  /** Calls in progress. */
  callsAtOnce(scope: CapScope): number {
    const { names, values } = scopeFilter(scope);
    const where = [`state = 'open'`, ...names].join(' AND ');
    return this.#sums(
      `SELECT count(*) AS requests, 0 AS tokens, NULL AS oldestMs FROM admission WHERE ${where}`,
      values,
    ).requests;
  }

  /** Whether a call in progress holds less output than it declared. */
  hasShortCall(scope: CapScope): boolean {
    const { names, values } = callFilter(scope);
    const where = [`state = 'open'`, 'short = 1', ...names].join(' AND ');
    return this.#prepared(`SELECT 1 FROM admission WHERE ${where} LIMIT 1`).get(values) !== undefined;
  }

  /** Calls admitted after `sinceMs`, what they hold or used, and when the first of them was admitted. */
  since(sinceMs: number, scope: CapScope): MinuteUse {
    const { names, values } = scopeFilter(scope);
    const where = ['admitted_ms > $sinceMs', ...names].join(' AND ');
    return this.#sums(
      `SELECT coalesce(sum(requests), 0) AS requests, coalesce(sum(tokens), 0) AS tokens,
        min(admitted_ms) AS oldestMs
      FROM (
        SELECT admitted_ms, requests, input_tokens + output_tokens AS tokens FROM admission WHERE ${where}
        UNION ALL SELECT admitted_ms, requests, tokens FROM recent_use WHERE ${where}
      )`,
      { sinceMs, ...values },
    );
  }

  #sums(sql: string, values: Readonly<Record<string, string | number>>): MinuteUse {
    return parseRow(minuteSchema, this.#prepared(sql).get(values), 'admission');
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#byScope.get(sql) ?? this.#db.prepare(sql);
    this.#byScope.set(sql, statement);
    return statement;
  }
}

function holdIdOf(number: number, id: string): string {
  return `${number}/${id}`;
}

function keyOf(holdId: string): [number: number, id: string] {
  const [number, id = ''] = holdId.split('/', 2);
  return [Number(number), id];
}

function storedAdmission(row: unknown): StoredAdmission {
  const { number, id, ...stored } = parseRow(rowSchema, row, 'admission');
  return { ...stored, holdId: holdIdOf(number, id) };
}

function callFilter(scope: CapScope): ReturnType<typeof scopeFilter> {
  const { token, session } = scope;
  if (token !== undefined) return { names: ['token = $token'], values: { token: token.id } };
  return session === undefined ? scopeFilter(scope) : { names: ['session = $session'], values: { session } };
}
