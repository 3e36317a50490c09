import { setImmediate } from 'node:timers/promises';
import type { TrailKeys } from './audit/trail-keys.ts';
import { lastAuthentic } from './audit/verify-audit.ts';
import type { Transactions } from './db/transactions.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import { sessionUseLimits } from '../shared/limits.ts';
import type { LedgerTables } from './tables/ledger-tables.ts';

export type Retention = Pick<LedgerSettings, 'usageDays' | 'auditDays'>;

const dayMs = 86_400_000;
/** Few enough that no window waits for long. */
const rowsAtOnce = 500;

/**
 * Adds old days of usage up to months. Drops old audit rows and puts a signed checkpoint in their place, where
 * verification begins. Returns the number of dropped audit rows.
 */
export async function applyRetention(
  { usage, parts, sessions, audit, settledCalls }: LedgerTables,
  transactions: Transactions,
  retention: Retention,
  keys: TrailKeys,
): Promise<number> {
  await transactions.write(({ nowMs }) => {
    settledCalls.addToSums(nowMs);
    const firstDay = transactions.days.dayOf(nowMs - retention.usageDays * dayMs);
    usage.rollUp(firstDay);
    parts.dropBefore(firstDay);
    sessions.dropUnusedSince(nowMs - sessionUseLimits.days * dayMs);
  });
  const beforeMs = transactions.now().nowMs - retention.auditDays * dayMs;
  const lastSeq = await lastAuthentic(audit, beforeMs, keys);
  let dropped = 0;
  for (;;) {
    const now = await transactions.write(({ nowMs }) => audit.dropUpTo(lastSeq, rowsAtOnce, nowMs));
    dropped += now;
    if (now < rowsAtOnce) return dropped;
    await setImmediate();
  }
}
