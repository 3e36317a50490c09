import { setImmediate } from 'node:timers/promises';
import type { AuditRow } from '../ledger/readers.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { storedAuditKind, type AuditKind } from '../ledger/stored-words.ts';
import { bodyOf } from './audit-text.ts';

/** Which rows of the audit trail to show: those that match every property. */
export interface AuditFilter {
  readonly kind?: AuditKind;
  readonly fromMs?: number;
  /** Not included. */
  readonly toMs?: number;
  readonly tenant?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** Any of these. */
  readonly outcomes?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly caller?: string | undefined;
}

const rowsAtOnce = 500;

/** Reads at most `most` rows, the newest first. Pauses between chunks so that other work can run. */
export async function readAuditRows(
  store: LedgerStore,
  filter: AuditFilter,
  most: number,
): Promise<AuditRow[]> {
  const found: AuditRow[] = [];
  const { fromMs = -Infinity } = filter;
  for (let before = Infinity; found.length < most;) {
    const rows = store.audit.before(before, rowsAtOnce);
    found.push(...rows.filter((row) => matches(row, filter)));
    const oldest = rows.at(-1);
    // Times decrease along the trail only where the clock had been ahead, and those rows lie in the future.
    if (oldest === undefined || rows.length < rowsAtOnce || oldest.atMs < fromMs) break;
    before = oldest.seq;
    await setImmediate();
  }
  return found.slice(0, most);
}

const named = ['tenant', 'provider', 'model', 'reason', 'caller'] as const;

function matches(row: AuditRow, filter: AuditFilter): boolean {
  const { kind, fromMs = -Infinity, toMs = Infinity, outcomes } = filter;
  if (kind !== undefined && row.kind !== storedAuditKind[kind]) return false;
  if (row.atMs < fromMs || row.atMs >= toMs) return false;
  const asked = named.filter((name) => filter[name] !== undefined);
  if (asked.length === 0 && outcomes === undefined) return true;
  const body = bodyOf(row) ?? {};
  const { outcome } = body;
  const outcomeFits = outcomes === undefined || (typeof outcome === 'string' && outcomes.includes(outcome));
  return outcomeFits && asked.every((name) => body[name] === filter[name]);
}
