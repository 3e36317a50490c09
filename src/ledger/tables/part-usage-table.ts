import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { Usage } from '../../guard/ledger-port.ts';
import type { PartKind, PartReader, PartUsage } from '../readers.ts';
import { parseRow } from './stored-row.ts';
import { addUp, capSumsSchema, type CapSums } from './usage-table.ts';

const columns = ['requests', 'input_tokens', 'output_tokens', 'cost_micro_usd', 'unknown_cost'];

const partSchema = z.object({
  name: z.string(),
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costMicroUsd: z.number(),
  unknownCost: z.number(),
}) satisfies z.ZodType<PartUsage>;

/** What a stored call says about whose usage it is. */
export interface PartsOfCall {
  readonly day: string;
  readonly token: string | null;
  readonly caller: string | null;
}

const kinds = ['token', 'caller'] as const satisfies readonly PartKind[];

/** The settled calls that are not added yet, in the form of the table. */
const settled = (kind: PartKind) => `
  SELECT day, '${kind}' AS part, ${kind} AS name, requests, input_tokens, output_tokens,
    coalesce(micro_usd, 0) AS cost_micro_usd, requests * (micro_usd IS NULL) AS unknown_cost
  FROM admission WHERE state = 'settled' AND ${kind} IS NOT NULL`;

/** Usage by day and by token of the gateway, and by day and caller: one call may count in one row of each. */
export class PartUsageTable implements PartReader {
  readonly #addSettled: StatementSync;
  readonly #add: StatementSync;
  readonly #sums: StatementSync;
  readonly #byName: StatementSync;
  readonly #dropDays: StatementSync;

  constructor(db: DatabaseSync) {
    const sums = columns.map((column) => `sum(${column})`).join(', ');
    this.#addSettled = db.prepare(`
      INSERT INTO part_usage (day, part, name, ${columns.join(', ')})
      SELECT day, part, name, ${sums} FROM (${kinds.map(settled).join(' UNION ALL ')})
      WHERE true GROUP BY day, part, name ON CONFLICT DO UPDATE SET ${addUp(columns)}`);
    this.#add = db.prepare(`
      INSERT INTO part_usage (day, part, name, ${columns.join(', ')})
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${addUp(columns)}`);
    const sum = (column: string, held: 0 | 1) => `coalesce(sum(${column}) FILTER (WHERE held = ${held}), 0)`;
    this.#sums = db.prepare(`
      SELECT ${sum('requests', 0)} AS requests, ${sum('tokens', 0)} AS tokens,
        ${sum('micro_usd', 0)} AS costMicroUsd, ${sum('requests', 1)} AS heldRequests,
        ${sum('tokens', 1)} AS heldTokens, ${sum('micro_usd', 1)} AS heldMicroUsd
      FROM (
        SELECT 0 AS held, requests, input_tokens + output_tokens AS tokens, cost_micro_usd AS micro_usd
        FROM part_usage WHERE part = 'token' AND name = $token AND day = $day
        UNION ALL
        SELECT state = 'open', requests, input_tokens + output_tokens, micro_usd
        FROM admission WHERE state <> 'cleared' AND token = $token AND day = $day
      )`);
    this.#byName = db.prepare(`
      SELECT name, sum(requests) AS requests, sum(input_tokens) AS inputTokens,
        sum(output_tokens) AS outputTokens, sum(cost_micro_usd) AS costMicroUsd, sum(unknown_cost) AS unknownCost
      FROM (
        SELECT day, part, name, ${columns.join(', ')} FROM part_usage
        UNION ALL ${kinds.map(settled).join(' UNION ALL ')}
      )
      WHERE part = ? AND day >= ? AND day <= ? GROUP BY name ORDER BY name`);
    this.#dropDays = db.prepare('DELETE FROM part_usage WHERE day < ?');
  }

  /** What counts against the caps of a token on a day. */
  capSums(day: string, token: string): CapSums {
    return parseRow(capSumsSchema, this.#sums.get({ day, token }), 'part_usage');
  }

  byName(part: PartKind, fromDay: string, toDay = fromDay): PartUsage[] {
    return this.#byName.all(part, fromDay, toDay).map((row) => parseRow(partSchema, row, 'part_usage'));
  }

  /** Call it before the settled calls are dropped. */
  addSettled(): void {
    this.#addSettled.run();
  }

  /** `sign` -1 takes back what was charged before. */
  charge(call: PartsOfCall, usage: Usage, sign: 1 | -1): void {
    for (const kind of kinds) {
      const name = call[kind];
      if (name === null) continue;
      const cost = [usage.costMicroUsd ?? 0, usage.costMicroUsd === undefined ? usage.requests : 0];
      const figures = [usage.requests, usage.inputTokens, usage.outputTokens, ...cost];
      this.#add.run(call.day, kind, name, ...figures.map((figure) => sign * figure));
    }
  }

  dropBefore(day: string): void {
    this.#dropDays.run(day);
  }
}
