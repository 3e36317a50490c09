import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CapScope } from '../../guard/caps.ts';
import type { Usage } from '../../guard/ledger-port.ts';
import * as z from 'zod';
import type { UsageKey, UsageReader, UsageRow, UsageSource, UsageTotals } from '../readers.ts';
import { parseRow } from './stored-row.ts';

const count = z.number();

const totalsSchema = z.object({
  requests: count,
  succeeded: count,
  failed: count,
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  costMicroUsd: count,
  unknownCost: count,
  estimated: count,
  heldRequests: count,
  heldTokens: count,
  heldMicroUsd: count,
});

const usageRowSchema = totalsSchema.extend({
  day: z.string(),
  provider: z.string(),
  model: z.string(),
  tenant: z.string(),
});

const tenantSchema = totalsSchema.extend({ tenant: z.string() });

const daySchema = totalsSchema.extend({ day: z.string() });

const sourceSchema = totalsSchema.extend({ tenant: z.string(), provider: z.string(), model: z.string() });

export const capSumsSchema = z.object({
  requests: count,
  tokens: count,
  costMicroUsd: count,
  heldRequests: count,
  heldTokens: count,
  heldMicroUsd: count,
});

/** What was used and what is held of the units that caps count. */
export type CapSums = z.infer<typeof capSumsSchema>;

/** The months between two of them can be counted. */
const dayOrMonth = z.string().regex(/^[12]\d{3}-(?:0[1-9]|1[0-2])(?:-\d{2})?$/);

const spanSchema = z.object({ first: dayOrMonth.nullable(), last: dayOrMonth.nullable() });

const sums = `
  coalesce(sum(requests), 0) AS requests, coalesce(sum(succeeded), 0) AS succeeded,
  coalesce(sum(failed), 0) AS failed, coalesce(sum(input_tokens), 0) AS inputTokens,
  coalesce(sum(cached_input_tokens), 0) AS cachedInputTokens, coalesce(sum(output_tokens), 0) AS outputTokens,
  coalesce(sum(cost_micro_usd), 0) AS costMicroUsd, coalesce(sum(unknown_cost), 0) AS unknownCost,
  coalesce(sum(estimated), 0) AS estimated, coalesce(sum(held_requests), 0) AS heldRequests,
  coalesce(sum(held_tokens), 0) AS heldTokens, coalesce(sum(held_micro_usd), 0) AS heldMicroUsd`;

/** The columns of `usage` that can be added up. */
export const usageColumns = [
  'requests',
  'succeeded',
  'failed',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'cost_micro_usd',
  'unknown_cost',
  'estimated',
];

/** The same figures of a settled admission, in the same order. */
export const usedColumns = [
  'requests',
  'succeeded',
  'failed',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'coalesce(micro_usd, 0)',
  'requests * (micro_usd IS NULL)',
  'estimated',
];

/** The assignments of an upsert that adds to the columns. */
export function addUp(columns: readonly string[]): string {
  return columns.map((name) => `${name} = ${name} + excluded.${name}`).join(', ');
}

const key = 'day, provider, model, tenant';
const spanned = 'day >= $fromDay AND day <= $toDay';
const inDays = 'day IN (SELECT value FROM json_each($days))';

/**
 * The rows of `usage` and the calls that are not added to it yet, as a table of the same columns. One statement reads
 * both, as another window may add the calls at any moment.
 */
function usageAndCalls(where: string): string {
  const used = usedColumns.map((column, at) => `(${column}) * (state = 'settled') AS ${usageColumns[at]}`);
  return `(
    SELECT ${key}, ${usageColumns.join(', ')}, 0 AS held_requests, 0 AS held_tokens, 0 AS held_micro_usd
    FROM usage WHERE ${where}
    UNION ALL
    SELECT ${key}, ${used.join(', ')}, requests * (state = 'open'),
      (input_tokens + output_tokens) * (state = 'open'), coalesce(micro_usd, 0) * (state = 'open')
    FROM admission WHERE state <> 'cleared' AND ${where}
  )`;
}

/** The same rows, with the columns of `CapSums` alone: every admission reads them. */
function capSumsSql(where: string): string {
  const sum = (column: string, held: 0 | 1) => `coalesce(sum(${column}) FILTER (WHERE held = ${held}), 0)`;
  return `
    SELECT ${sum('requests', 0)} AS requests, ${sum('tokens', 0)} AS tokens, ${sum('micro_usd', 0)} AS costMicroUsd,
      ${sum('requests', 1)} AS heldRequests, ${sum('tokens', 1)} AS heldTokens, ${sum('micro_usd', 1)} AS heldMicroUsd
    FROM (
      SELECT 0 AS held, requests, input_tokens + output_tokens AS tokens, cost_micro_usd AS micro_usd
      FROM usage WHERE ${where}
      UNION ALL
      SELECT state = 'open', requests, input_tokens + output_tokens, micro_usd
      FROM admission WHERE state <> 'cleared' AND ${where}
    )`;
}

/** How a settled call counts in the success rate. An aborted call counts in neither. */
export type CallVerdict = 'succeeded' | 'failed' | 'neither';

/** Usage by day, provider, model and tenant. Caps and views read the same rows. */
export class UsageTable implements UsageReader {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  readonly #charge: StatementSync;
  readonly #rows: StatementSync;
  readonly #span: StatementSync;
  readonly #bySource: StatementSync;
  readonly #byTenant: StatementSync;
  readonly #addToMonth: StatementSync;
  readonly #dropDays: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#charge = db.prepare(`
      INSERT INTO usage (${key}, ${usageColumns.join(', ')})
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${addUp(usageColumns)}`);
    const span = usageAndCalls(spanned);
    this.#rows = db.prepare(`SELECT ${key}, ${sums} FROM ${span} GROUP BY ${key} ORDER BY ${key}`);
    this.#span = db.prepare(`
      SELECT min(first) AS first, max(last) AS last FROM (
        SELECT min(day) AS first, max(day) AS last FROM usage
        UNION ALL SELECT min(day), max(day) FROM admission WHERE state <> 'cleared')`);
    this.#bySource = db.prepare(`
      SELECT tenant, provider, model, ${sums} FROM ${span} WHERE length(day) = 10
      GROUP BY provider, model, tenant ORDER BY provider, model, tenant`);
    this.#byTenant = db.prepare(
      `SELECT tenant, ${sums} FROM ${usageAndCalls('day = $day')} GROUP BY tenant ORDER BY tenant`,
    );
    this.#addToMonth = db.prepare(`
      INSERT INTO usage (${key}, ${usageColumns.join(', ')})
      SELECT substr(day, 1, 7), provider, model, tenant, ${usageColumns.map((name) => `sum(${name})`).join(', ')}
      FROM usage WHERE day < ? AND length(day) = 10 GROUP BY substr(day, 1, 7), provider, model, tenant
      ON CONFLICT DO UPDATE SET ${addUp(usageColumns)}`);
    this.#dropDays = db.prepare('DELETE FROM usage WHERE day < ? AND length(day) = 10');
  }

  charge(key: UsageKey, usage: Usage, verdict: CallVerdict): void {
    this.#add(key, usage, verdict, 1);
  }

  /** Takes back what was charged before. */
  unCharge(key: UsageKey, usage: Usage): void {
    this.#add(key, usage, 'neither', -1);
  }

  totals(fromDay: string, toDay: string, scope: CapScope): UsageTotals {
    const { where, values } = rowsOf(fromDay, toDay, scope);
    const row = this.#select(`SELECT ${sums} FROM ${usageAndCalls(where)}`).get(values);
    return parseRow(totalsSchema, row, 'usage');
  }

  /** What counts against the caps of the scope over the days from `fromDay` to `toDay`, both included. */
  capSums(fromDay: string, toDay: string, scope: CapScope): CapSums {
    const { where, values } = rowsOf(fromDay, toDay, scope);
    return parseRow(capSumsSchema, this.#select(capSumsSql(where)).get(values), 'usage');
  }

  byDay(days: readonly string[], scope: CapScope): (UsageTotals & { readonly day: string })[] {
    const { names, values } = scopeFilter(scope);
    const where = [inDays, ...names].join(' AND ');
    return this.#select(`SELECT day, ${sums} FROM ${usageAndCalls(where)} GROUP BY day`)
      .all({ days: JSON.stringify(days), ...values })
      .map((row) => parseRow(daySchema, row, 'usage'));
  }

  bySource(fromDay: string, toDay: string): UsageSource[] {
    return this.#bySource.all({ fromDay, toDay }).map((row) => parseRow(sourceSchema, row, 'usage'));
  }

  byTenant(day: string): (UsageTotals & { readonly tenant: string })[] {
    return this.#byTenant.all({ day }).map((row) => parseRow(tenantSchema, row, 'usage'));
  }

  rows(fromDay: string, toDay: string): UsageRow[] {
    return this.#rows.all({ fromDay, toDay }).map((row) => parseRow(usageRowSchema, row, 'usage'));
  }

  span(): { readonly first: string; readonly last: string } | undefined {
    const { first, last } = parseRow(spanSchema, this.#span.get(), 'usage');
    return first === null || last === null ? undefined : { first, last };
  }

  /** Adds the days before `day` up to months. The row of a month has the day 'YYYY-MM'. */
  rollUp(day: string): void {
    this.#addToMonth.run(day);
    this.#dropDays.run(day);
  }

  #select(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  #add(key: UsageKey, usage: Usage, verdict: CallVerdict, sign: 1 | -1): void {
    this.#charge.run(
      key.day,
      key.provider,
      key.model,
      key.tenant,
      sign * usage.requests,
      verdict === 'succeeded' ? 1 : 0,
      verdict === 'failed' ? 1 : 0,
      sign * usage.inputTokens,
      sign * usage.cachedInputTokens,
      sign * usage.outputTokens,
      sign * (usage.costMicroUsd ?? 0),
      usage.costMicroUsd === undefined ? sign * usage.requests : 0,
      usage.estimated ? sign * usage.requests : 0,
    );
  }
}

/** The scope as SQL conditions on columns of the same names, with the values of their parameters. */
export function scopeFilter(scope: CapScope): { names: string[]; values: Record<string, string> } {
  const named = Object.entries({ provider: scope.provider, model: scope.model, tenant: scope.tenant }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    names: named.map(([name]) => `${name} = $${name}`),
    values: Object.fromEntries(named),
  };
}

/** The condition for the rows of a scope over some days, with the values of its parameters. */
function rowsOf(
  fromDay: string,
  toDay: string,
  scope: CapScope,
): { where: string; values: Record<string, string> } {
  const { names, values } = scopeFilter(scope);
  if (fromDay === toDay)
    return { where: ['day = $day', ...names].join(' AND '), values: { day: fromDay, ...values } };
  // With a list of days SQLite finds the rows of a provider by the key. With a range it would read every row.
  const days = daysOfOneMonth(fromDay, toDay);
  const span = days === undefined ? { fromDay, toDay } : { days: JSON.stringify(days) };
  const where = [days === undefined ? spanned : inDays, ...names].join(' AND ');
  return { where, values: { ...span, ...values } };
}

/** All days from the first to the last. Undefined if they are in different months. */
function daysOfOneMonth(fromDay: string, toDay: string): string[] | undefined {
  const month = fromDay.slice(0, 8);
  if (fromDay.length !== 10 || !toDay.startsWith(month)) return undefined;
  const [first, last] = [Number(fromDay.slice(8)), Number(toDay.slice(8))];
  return Array.from({ length: last - first + 1 }, (_, at) => month + String(first + at).padStart(2, '0'));
}
