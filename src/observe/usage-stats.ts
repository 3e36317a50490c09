import * as z from 'zod';
import type { UsageDocument } from '../api.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { gatewayLimits } from '../shared/limits.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { usageFields } from './usage-csv.ts';

const day = z.iso.date('must be a date such as 2026-01-31').optional();
const querySchema = z.strictObject({ from: day, to: day });

const dayMs = 86_400_000;
const daysUnasked = 30;

/**
 * Today's usage, and the usage of the days from `from` to `to` (inclusive) by day, tenant, provider and model: by
 * default the last 30 days. Old days that were added up to months are not included. An error says what is wrong with
 * the query.
 */
export function readUsageStats(
  store: LedgerStore,
  today: UsageDocument,
  query: URLSearchParams,
): Result<object, string> {
  const asked = querySchema.safeParse(Object.fromEntries(query));
  if (!asked.success) {
    return err(asked.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; '));
  }
  const to = asked.data.to ?? store.now().day;
  const from = asked.data.from ?? daysBefore(to, daysUnasked - 1);
  if (from > to) return err(`from: ${from} is after ${to}`);
  if (from < daysBefore(to, gatewayLimits.reportDays - 1))
    return err(`from: the range must not be longer than ${gatewayLimits.reportDays} days`);
  const days = store.usage.rows(from, to).filter((row) => row.day.length === 'YYYY-MM-DD'.length);
  const rows = days.map(usageFields);
  return ok({ ...today, from, to, rows });
}

function daysBefore(last: string, days: number): string {
  return new Date(Date.parse(last) - days * dayMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}
