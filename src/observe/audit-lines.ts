import type { AuditRow } from '../ledger/readers.ts';
import { shownText } from '../shared/escape.ts';
import { bodyOf } from './audit-text.ts';

/** An audit row for the user. If its body is not an object, it is shown unchanged. */
export function auditLine(row: AuditRow): string {
  return `${String(row.seq).padStart(6)}  ${moment(row)}  ${row.kind.padEnd(10)}  ${describe(row)}`;
}

/** The number itself where it is beyond the dates that there are: stored rows are not trusted. */
function moment({ atMs }: AuditRow): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? String(atMs) : date.toISOString();
}

function describe(row: AuditRow): string {
  const body = bodyOf(row);
  if (body === undefined) return shownText(row.body);
  return Object.entries(body)
    .map(([name, value]) => `${shownText(name)}=${worded(value)}`)
    .join('  ');
}

function worded(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  // Two spaces separate fields, and a line break separates rows, so a name must contain neither.
  return shownText(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/ {2,}/g, ' ');
}

/** One row of the export as a line of JSON, with everything that is needed to check the chain elsewhere. */
export function auditJson(row: AuditRow): string {
  const { seq, atMs, kind, body, keyId, mac } = row;
  return JSON.stringify({ seq, atMs, kind, body, keyId, mac: Buffer.from(mac).toString('hex') });
}
