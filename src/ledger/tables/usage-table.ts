import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CapScope, Reservation } from '../../guard/caps.ts';
import type { Usage } from '../../guard/ledger-port.ts';
import * as z from 'zod';
import { parseRow } from './stored-row.ts';

/** Whose usage it is, and of which day. */
export interface UsageKey {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly tenant: string;
}

const count = z.number();

const totalsSchema = z.object({
  requests: count,
  succeeded: count,
  failed: count,
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  costMicroUsd: count,
  /** Requests whose cost nobody knows; their dollars are missing in `costMicroUsd`. */
  unknownCost: count,
  /** Requests whose tokens the guard had to estimate. */
  estimated: count,
  heldRequests: count,
  heldTokens: count,
  heldMicroUsd: count,
});

/** Sums over any set of usage rows. */
export type UsageTotals = z.infer<typeof totalsSchema>;

const usageRowSchema = totalsSchema.extend({
  day: z.string(),
  provider: z.string(),
  model: z.string(),
  tenant: z.string(),
});

export type UsageRow = z.infer<typeof usageRowSchema>;

const tenantSchema = totalsSchema.extend({ tenant: z.string() });

const daySchema = totalsSchema.extend({ day: z.string() });

const sourceSchema = totalsSchema.extend({ tenant: z.string(), provider: z.string(), model: z.string() });

/** What one tenant used of one model over some days. */
export type UsageSource = z.infer<typeof sourceSchema>;

const spanSchema = z.object({ first: z.string().nullable(), last: z.string().nullable() });

const sums = `
  coalesce(sum(requests), 0) AS requests, coalesce(sum(succeeded), 0) AS succeeded,
  coalesce(sum(failed), 0) AS failed, coalesce(sum(input_tokens), 0) AS inputTokens,
  coalesce(sum(cached_input_tokens), 0) AS cachedInputTokens, coalesce(sum(output_tokens), 0) AS outputTokens,
  coalesce(sum(cost_micro_usd), 0) AS costMicroUsd, coalesce(sum(unknown_cost), 0) AS unknownCost,
  coalesce(sum(estimated), 0) AS estimated, coalesce(sum(held_requests), 0) AS heldRequests,
  coalesce(sum(held_tokens), 0) AS heldTokens, coalesce(sum(held_micro_usd), 0) AS heldMicroUsd`;

/** The columns that a month adds up. */
const counted = [
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

/** How a settled call counts in the success rate; what was neither (an abort) counts in neither. */
export type CallVerdict = 'succeeded' | 'failed' | 'neither';

/** Usage by day, provider, model and tenant; the caps are read from the same rows that are shown. */
export class UsageTable {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  readonly #hold: StatementSync;
  readonly #charge: StatementSync;
  readonly #rows: StatementSync;
  readonly #span: StatementSync;
  readonly #bySource: StatementSync;
  readonly #byTenant: StatementSync;
  readonly #addToMonth: StatementSync;
  readonly #dropDays: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#hold = db.prepare(`
      INSERT INTO usage (day, provider, model, tenant, held_requests, held_tokens, held_micro_usd)
      VALUES (?, ?, ?, ?, 1, ?, ?)
      ON CONFLICT DO UPDATE SET held_requests = held_requests + 1,
        held_tokens = held_tokens + excluded.held_tokens, held_micro_usd = held_micro_usd + excluded.held_micro_usd`);
    this.#charge = db.prepare(`
      INSERT INTO usage (day, provider, model, tenant, requests, succeeded, failed, input_tokens,
        cached_input_tokens, output_tokens, cost_micro_usd, unknown_cost, estimated, held_requests, held_tokens,
        held_micro_usd)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, succeeded = succeeded + excluded.succeeded,
        failed = failed + excluded.failed, input_tokens = input_tokens + excluded.input_tokens,
        cached_input_tokens = cached_input_tokens + excluded.cached_input_tokens,
        output_tokens = output_tokens + excluded.output_tokens,
        cost_micro_usd = cost_micro_usd + excluded.cost_micro_usd,
        unknown_cost = unknown_cost + excluded.unknown_cost, estimated = estimated + excluded.estimated,
        held_requests = held_requests + excluded.held_requests, held_tokens = held_tokens + excluded.held_tokens,
        held_micro_usd = held_micro_usd + excluded.held_micro_usd`);
    this.#rows = db.prepare(`
      SELECT day, provider, model, tenant, ${sums} FROM usage WHERE day >= ? AND day <= ?
      GROUP BY day, provider, model, tenant ORDER BY day, provider, model, tenant`);
    this.#span = db.prepare('SELECT min(day) AS first, max(day) AS last FROM usage');
    this.#bySource = db.prepare(`
      SELECT tenant, provider, model, ${sums} FROM usage WHERE day >= ? AND day <= ? AND length(day) = 10
      GROUP BY provider, model, tenant ORDER BY provider, model, tenant`);
    this.#byTenant = db.prepare(
      `SELECT tenant, ${sums} FROM usage WHERE day = ? GROUP BY tenant ORDER BY tenant`,
    );
    this.#addToMonth = db.prepare(`
      INSERT INTO usage (day, provider, model, tenant, ${counted.join(', ')})
      SELECT substr(day, 1, 7), provider, model, tenant, ${counted.map((name) => `sum(${name})`).join(', ')}
      FROM usage WHERE day < ? AND length(day) = 10 GROUP BY substr(day, 1, 7), provider, model, tenant
      ON CONFLICT DO UPDATE SET ${counted.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`);
    this.#dropDays = db.prepare('DELETE FROM usage WHERE day < ? AND length(day) = 10');
  }

  hold(key: UsageKey, reservation: Reservation): void {
    const tokens = reservation.inputTokens + reservation.outputTokens;
    this.#hold.run(key.day, key.provider, key.model, key.tenant, tokens, reservation.costMicroUsd ?? 0);
  }

  /** `released`: the hold in whose place this stands. */
  charge(key: UsageKey, usage: Usage, verdict: CallVerdict, released?: Reservation): void {
    this.#add(key, usage, verdict, 1, released);
  }

  /** Takes back what was charged before. */
  unCharge(key: UsageKey, usage: Usage): void {
    this.#add(key, usage, 'neither', -1);
  }

  /** Sums over the days from `fromDay` to `toDay`, both included, of what the scope names. */
  totals(fromDay: string, toDay: string, scope: CapScope): UsageTotals {
    const { names, values } = scopeFilter(scope);
    // By name, the days lead straight to a provider's rows; of a range, every row would be looked at.
    const days = daysOfOneMonth(fromDay, toDay);
    const span = days === undefined ? ['day >= ?', 'day <= ?'] : ['day IN (SELECT value FROM json_each(?))'];
    const statement = this.#select(`SELECT ${sums} FROM usage WHERE ${[...span, ...names].join(' AND ')}`);
    const spanned = days === undefined ? [fromDay, toDay] : [JSON.stringify(days)];
    return parseRow(totalsSchema, statement.get(...spanned, ...values), 'usage');
  }

  /** Of each of these days on which there was anything, what the scope names. */
  byDay(days: readonly string[], scope: CapScope): (UsageTotals & { readonly day: string })[] {
    const { names, values } = scopeFilter(scope);
    const where = ['day IN (SELECT value FROM json_each(?))', ...names].join(' AND ');
    return this.#select(`SELECT day, ${sums} FROM usage WHERE ${where} GROUP BY day`)
      .all(JSON.stringify(days), ...values)
      .map((row) => parseRow(daySchema, row, 'usage'));
  }

  /** What was used over the days, both included, by whom and of which model; without days that are added up already. */
  bySource(fromDay: string, toDay: string): UsageSource[] {
    return this.#bySource.all(fromDay, toDay).map((row) => parseRow(sourceSchema, row, 'usage'));
  }

  /** What each tenant used on a day. */
  byTenant(day: string): (UsageTotals & { readonly tenant: string })[] {
    return this.#byTenant.all(day).map((row) => parseRow(tenantSchema, row, 'usage'));
  }

  /** Of all days and months whose names lie between these, both included. */
  rows(fromDay: string, toDay: string): UsageRow[] {
    return this.#rows.all(fromDay, toDay).map((row) => parseRow(usageRowSchema, row, 'usage'));
  }

  /** The first and the last day, or month, that there is anything of. */
  span(): { readonly first: string; readonly last: string } | undefined {
    const { first, last } = parseRow(spanSchema, this.#span.get(), 'usage');
    return first === null || last === null ? undefined : { first, last };
  }

  /** Adds the days before `day` up to months, whose rows stand under 'YYYY-MM'. */
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

  #add(key: UsageKey, usage: Usage, verdict: CallVerdict, sign: 1 | -1, released?: Reservation): void {
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
      released === undefined ? 0 : -1,
      released === undefined ? 0 : -(released.inputTokens + released.outputTokens),
      released?.costMicroUsd === undefined ? 0 : -released.costMicroUsd,
    );
  }
}

/** The scope as SQL conditions on columns of the same names. */
export function scopeFilter(scope: CapScope): { names: string[]; values: string[] } {
  const named = Object.entries({ provider: scope.provider, model: scope.model, tenant: scope.tenant }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { names: named.map(([name]) => `${name} = ?`), values: named.map(([, value]) => value) };
}

/** All days from one to the other, if both are of one month. */
function daysOfOneMonth(fromDay: string, toDay: string): string[] | undefined {
  if (fromDay === toDay) return [fromDay];
  const month = fromDay.slice(0, 8);
  if (fromDay.length !== 10 || !toDay.startsWith(month)) return undefined;
  const [first, last] = [Number(fromDay.slice(8)), Number(toDay.slice(8))];
  return Array.from({ length: last - first + 1 }, (_, at) => month + String(first + at).padStart(2, '0'));
}
