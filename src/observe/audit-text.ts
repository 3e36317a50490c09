import type { AuditRow } from '../ledger/audit/audit-trail.ts';
import { isObject } from '../shared/json.ts';
import { shownText } from '../shared/escape.ts';

/** What an audit row says, for a person; a row whose body is no object is shown as it is. */
export function auditLine(row: AuditRow): string {
  const at = new Date(row.atMs).toISOString();
  return `${String(row.seq).padStart(6)}  ${at}  ${row.kind.padEnd(10)}  ${describe(row)}`;
}

function describe(row: AuditRow): string {
  const body = bodyOf(row);
  if (body === undefined) return shownText(row.body);
  return Object.entries(body)
    .map(([name, value]) => `${shownText(name)}=${worded(value)}`)
    .join('  ');
}

/** The row's content; undefined when it is none, as rows are not trusted to be what was written. */
export function bodyOf(row: Pick<AuditRow, 'body'>): Readonly<Record<string, unknown>> | undefined {
  try {
    const body: unknown = JSON.parse(row.body);
    // Not by zod: reports read a million of them.
    return isObject(body) ? body : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function worded(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  // Two spaces part the fields and a new line the rows: no name is to make another of either.
  return shownText(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/ {2,}/g, ' ');
}

/** One row of the export, a line of JSON: everything that is needed to check the chain elsewhere. */
export function auditJson(row: AuditRow): string {
  const { seq, atMs, kind, body, keyId, mac } = row;
  return JSON.stringify({ seq, atMs, kind, body, keyId, mac: Buffer.from(mac).toString('hex') });
}
