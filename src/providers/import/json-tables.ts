import { isObject, parseJson } from '../../shared/json.ts';
import type { Wording } from '../../shared/l10n.ts';
import { importLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { checkRows, type SourceTable } from './table.ts';

/**
 * The tables in a JSON text: an array of rows, an object of such arrays by name, or an object with a key or a row for
 * each provider.
 */
export function readJsonTables(text: string): Result<readonly SourceTable[], Wording> {
  const parsed = parseJson(text);
  if (parsed === undefined) return err((l10n) => l10n.t('it is not JSON'));
  if (isFilledList(parsed)) return ok([tableOf((l10n) => l10n.t('the array'), parsed)]);
  if (!isObject(parsed)) return err((l10n) => l10n.t('it must be an array of rows or an object'));
  const entries = Object.entries(parsed);
  const lists = entries.flatMap(([name, value]) =>
    isFilledList(value) && name.length <= importLimits.nameChars ? [[name, value] as const] : [],
  );
  if (lists.length > importLimits.tables)
    return err((l10n) => l10n.t('it has more than {0} tables', importLimits.tables));
  return ok(
    lists.length > 0 ? lists.map(([name, rows]) => tableOf(() => name, rows)) : [byProvider(entries)],
  );
}

function isFilledList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function tableOf(name: Wording, rows: readonly unknown[]): SourceTable {
  // A longer table is refused when it is read.
  const records = rows.slice(0, importLimits.rows).map((row) => (isObject(row) ? row : {}));
  return {
    name,
    columns: columnsOf(records),
    read: ({ provider, key, address }) => {
      checkRows(rows.length, name);
      return Promise.resolve(
        records.map((record, index) => ({
          place: (l10n) => l10n.t('{0}, row {1}', name(l10n), index + 1),
          provider: cellOf(record, provider),
          key: cellOf(record, key),
          ...(address === undefined ? {} : { address: cellOf(record, address) }),
        })),
      );
    },
  };
}

function columnsOf(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  const columns = new Set<string>();
  for (const record of records) {
    for (const name of Object.keys(record)) {
      if (columns.size >= importLimits.columns) return [...columns];
      if (name.length <= importLimits.nameChars) columns.add(name);
    }
  }
  return [...columns];
}

/** A row without the column has what every object inherits. */
function cellOf(record: Readonly<Record<string, unknown>>, column: string): unknown {
  return Object.hasOwn(record, column) ? record[column] : undefined;
}

/** `{ "openai": "sk-…" }`, or `{ "openai": { "apiKey": "sk-…" } }`. */
function byProvider(entries: readonly (readonly [string, unknown])[]): SourceTable {
  const records = entries.map(([provider, value]) =>
    isObject(value) ? { ...value, provider } : { key: value, provider },
  );
  return tableOf((l10n) => l10n.t('the object'), records);
}
