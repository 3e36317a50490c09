import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import type { Transactions } from './db/transactions.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import { parseRow } from './tables/stored-row.ts';
import type { AuditRow } from './readers.ts';
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
  { usage, audit, settledCalls }: LedgerTables,
  transactions: Transactions,
  retention: Retention,
): Promise<number> {
  await transactions.write(({ nowMs }) => {
    settledCalls.addToSums(nowMs);
    usage.rollUp(transactions.days.dayOf(nowMs - retention.usageDays * dayMs));
  });
  let dropped = 0;
  for (;;) {
    const now = await transactions.write(({ nowMs }) =>
      audit.dropBefore(nowMs - retention.auditDays * dayMs, rowsAtOnce, nowMs),
    );
    dropped += now;
    if (now < rowsAtOnce) return dropped;
    await setImmediate();
  }
}

const checkpointSchema = z.object({ lastMac: z.string() });

/** The signature of the last dropped row. The first row after the checkpoint is linked to it. */
export function checkpointMac(row: AuditRow): Uint8Array {
  return Buffer.from(parseRow(checkpointSchema, JSON.parse(row.body), 'audit').lastMac, 'hex');
}
