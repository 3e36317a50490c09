import * as z from 'zod';
import { parseJson } from '../../shared/json.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { SourceTable } from './table.ts';

const recordSchema = z.record(z.string(), z.unknown());
const recordsSchema = z.array(z.unknown()).min(1);

/**
 * The tables in a JSON text: an array of rows, an object of such arrays by name, or an object with a key or a row for
 * each provider.
 */
export function readJsonTables(text: string): Result<readonly SourceTable[], Wording> {
  // Some editors start a file with a byte order mark.
  const parsed = parseJson(text.replace(/^\ufeff/, ''));
  if (parsed === undefined) return err((l10n) => l10n.t('it is not JSON'));
  const rows = recordsSchema.safeParse(parsed);
  if (rows.success) return ok([tableOf((l10n) => l10n.t('the array'), rows.data)]);
  const named = recordSchema.safeParse(parsed);
  if (!named.success) return err((l10n) => l10n.t('it must be an array of rows or an object'));
  const entries = Object.entries(named.data);
  const arrays = entries.flatMap(([name, value]) => {
    const found = recordsSchema.safeParse(value);
    return found.success ? [tableOf(() => name, found.data)] : [];
  });
  return ok(arrays.length > 0 ? arrays : [byProvider(entries)]);
}

function tableOf(name: Wording, rows: readonly unknown[]): SourceTable {
  const records = rows.map((row) => recordSchema.safeParse(row).data ?? {});
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return {
    name,
    columns,
    read: ({ provider, key }) =>
      Promise.resolve(
        records.map((record, index) => ({
          place: (l10n) => l10n.t('{0}, row {1}', name(l10n), index + 1),
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
  return tableOf((l10n) => l10n.t('the object'), records);
}
