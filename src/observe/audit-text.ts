import type { AuditRow } from '../ledger/readers.ts';
import { isObject, parseJson } from '../shared/json.ts';

/** The content of the row; undefined if it is not an object, because stored rows are not trusted. */
export function bodyOf(row: Pick<AuditRow, 'body'>): Readonly<Record<string, unknown>> | undefined {
  // Without zod, because reports read a million of these.
  const body = parseJson(row.body);
  return isObject(body) ? body : undefined;
}
