import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Usage } from '../../guard/ledger-port.ts';
import { sessionUseLimits } from '../../shared/limits.ts';
import { parseRow } from './stored-row.ts';
import { capSumsSchema, type CapSums } from './usage-table.ts';

/** What a stored call says about its session. Null if no cap counts it. */
interface CallInSession {
  readonly session: string | null;
  readonly admittedMs: number;
}

/**
 * What each session of a tool has used, for the calls that have a cap per session. A session has no day: it ends when it
 * was not used for long, or when there are too many.
 */
export class SessionUseTable {
  readonly #add: StatementSync;
  readonly #takeBack: StatementSync;
  readonly #addSettled: StatementSync;
  readonly #count: StatementSync;
  readonly #dropOldest: StatementSync;
  readonly #dropBefore: StatementSync;
  readonly #sums: StatementSync;

  constructor(db: DatabaseSync) {
    const added = `ON CONFLICT DO UPDATE SET last_ms = max(last_ms, excluded.last_ms),
      tokens = tokens + excluded.tokens, cost_micro_usd = cost_micro_usd + excluded.cost_micro_usd`;
    this.#add = db.prepare(
      `INSERT INTO session_use (id, last_ms, tokens, cost_micro_usd) VALUES (?, ?, ?, ?) ${added}`,
    );
    this.#takeBack = db.prepare(`
      UPDATE session_use SET tokens = tokens - ?, cost_micro_usd = cost_micro_usd - ? WHERE id = ?`);
    this.#addSettled = db.prepare(`
      INSERT INTO session_use (id, last_ms, tokens, cost_micro_usd)
      SELECT session, max(admitted_ms), sum(input_tokens + output_tokens), sum(coalesce(micro_usd, 0))
      FROM admission WHERE state = 'settled' AND session IS NOT NULL GROUP BY session ${added}`);
    this.#count = db.prepare('SELECT count(*) AS count FROM session_use');
    this.#dropOldest = db.prepare(`
      DELETE FROM session_use WHERE id IN (SELECT id FROM session_use ORDER BY last_ms LIMIT ?)`);
    this.#dropBefore = db.prepare('DELETE FROM session_use WHERE last_ms < ?');
    const sum = (column: string, held: 0 | 1) => `coalesce(sum(${column}) FILTER (WHERE held = ${held}), 0)`;
    this.#sums = db.prepare(`
      SELECT ${sum('requests', 0)} AS requests, ${sum('tokens', 0)} AS tokens,
        ${sum('micro_usd', 0)} AS costMicroUsd, ${sum('requests', 1)} AS heldRequests,
        ${sum('tokens', 1)} AS heldTokens, ${sum('micro_usd', 1)} AS heldMicroUsd
      FROM (
        SELECT 0 AS held, 0 AS requests, tokens, cost_micro_usd AS micro_usd FROM session_use WHERE id = $session
        UNION ALL
        SELECT state = 'open', requests, input_tokens + output_tokens, micro_usd
        FROM admission WHERE state <> 'cleared' AND session = $session
      )`);
  }

  /** What counts against the caps of a session. */
  capSums(session: string): CapSums {
    return parseRow(capSumsSchema, this.#sums.get({ session }), 'session_use');
  }

  /** Call it before the settled calls are dropped. */
  addSettled(): void {
    if (Number(this.#addSettled.run().changes) > 0) this.#dropTooMany();
  }

  charge({ session, admittedMs }: CallInSession, usage: Usage): void {
    if (session === null) return;
    const { inputTokens, outputTokens, costMicroUsd = 0 } = usage;
    this.#add.run(session, admittedMs, inputTokens + outputTokens, costMicroUsd);
    this.#dropTooMany();
  }

  /** Takes back what was charged before. */
  unCharge({ session }: CallInSession, { inputTokens, outputTokens, costMicroUsd = 0 }: Usage): void {
    this.#takeBack.run(inputTokens + outputTokens, costMicroUsd, session);
  }

  dropUnusedSince(ms: number): void {
    this.#dropBefore.run(ms);
  }

  #dropTooMany(): void {
    const tooMany = Number(this.#count.get()?.['count']) - sessionUseLimits.sessions;
    if (tooMany > 0) this.#dropOldest.run(tooMany);
  }
}
