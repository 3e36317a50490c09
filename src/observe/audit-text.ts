import * as z from 'zod';
import type { AuditRow } from '../ledger/audit.ts';

const bodySchema = z.record(z.string(), z.unknown());

/** What an audit row says, for a person; a row whose body is no object is shown as it is. */
export function auditLine(row: AuditRow): string {
  const at = new Date(row.atMs).toISOString();
  return `${String(row.seq).padStart(6)}  ${at}  ${row.kind.padEnd(10)}  ${describe(row)}`;
}

function describe(row: AuditRow): string {
  const body = bodyOf(row);
  if (body === undefined) return row.body;
  return Object.entries(body)
    .map(([name, value]) => `${name}=${worded(value)}`)
    .join('  ');
}

/** The row's content; undefined when it is none, as rows are not trusted to be what was written. */
export function bodyOf(row: Pick<AuditRow, 'body'>): Record<string, unknown> | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(row.body)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function worded(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** One row of the export, a line of JSON: everything that is needed to check the chain elsewhere. */
export function auditJson(row: AuditRow): string {
  const { seq, atMs, kind, body, keyId, mac } = row;
  return JSON.stringify({ seq, atMs, kind, body, keyId, mac: Buffer.from(mac).toString('hex') });
}
