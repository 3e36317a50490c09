import * as z from 'zod';
import { err, ok, type Result } from '../../shared/result.ts';
import type { SourceTable } from './table.ts';

const recordSchema = z.record(z.string(), z.unknown());
const recordsSchema = z.array(z.unknown()).min(1);

/**
 * The tables in a JSON text: an array of rows, an object of such arrays by name, or an object that has a key, or a
 * row, for each provider.
 */
export function readJsonTables(text: string): Result<readonly SourceTable[], string> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const rows = recordsSchema.safeParse(parsed.value);
  if (rows.success) return ok([tableOf('the array', rows.data)]);
  const named = recordSchema.safeParse(parsed.value);
  if (!named.success) return err('neither an array of rows nor an object');
  const entries = Object.entries(named.data);
  const arrays = entries.flatMap(([name, value]) => {
    const found = recordsSchema.safeParse(value);
    return found.success ? [tableOf(name, found.data)] : [];
  });
  return ok(arrays.length > 0 ? arrays : [byProvider(entries)]);
}

function tableOf(name: string, rows: readonly unknown[]): SourceTable {
  const records = rows.map((row) => recordSchema.safeParse(row).data ?? {});
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return {
    name,
    columns,
    read: ({ provider, key }) =>
      Promise.resolve(
        records.map((record, index) => ({
          place: `${name}, row ${index + 1}`,
          provider: record[provider],
          key: record[key],
        })),
      ),
  };
}

/** `{ "openai": "sk-…" }`, or `{ "openai": { "apiKey": "sk-…" } }`. */
function byProvider(entries: readonly (readonly [string, unknown])[]): SourceTable {
  const records = entries.map(([provider, value]) => {
    const record = recordSchema.safeParse(value);
    return { ...(record.success ? record.data : { key: value }), provider };
  });
  return tableOf('the object', records);
}

function parseJson(text: string): Result<unknown, string> {
  try {
    // Some editors begin a file with a byte order mark.
    return ok(JSON.parse(text.replace(/^\ufeff/, '')) as unknown);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The error's own message quotes the text.
    return err('not JSON');
  }
}
