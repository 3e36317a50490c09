import { setImmediate } from 'node:timers/promises';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { UsageRow } from '../ledger/readers.ts';

/** All usage rows, the oldest first. Reads a month at a time, so that a year of rows does not block other work. */
export async function readUsageRows(store: LedgerStore): Promise<UsageRow[]> {
  const rows: UsageRow[] = [];
  const span = store.usage.span();
  if (span === undefined) return rows;
  const last = monthOf(span.last);
  for (let month = monthOf(span.first); month <= last; month = monthAfter(month)) {
    // A month that was added up is stored under its own name, which sorts before its days.
    rows.push(...store.usage.rows(month, `${month}-31`));
    await setImmediate();
  }
  return rows;
}

function monthOf(day: string): string {
  return day.slice(0, 'YYYY-MM'.length);
}

function monthAfter(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const next = number === 12 ? [year + 1, 1] : [year, number + 1];
  return next.map((part, at) => String(part).padStart(at === 0 ? 4 : 2, '0')).join('-');
}
