import type { Wording } from '../../shared/l10n.ts';
import { Secret } from '../../shared/secret.ts';
import type { BadRow, SourceRow, SourceRows } from './source-row.ts';

/** A table of a source. It is read only after the user has confirmed which columns to read. */
export interface SourceTable {
  readonly name: Wording;
  readonly columns: readonly string[];
  readonly read: (mapping: ColumnMapping) => Promise<readonly TableRow[]>;
}

export interface ColumnMapping {
  readonly provider: string;
  readonly key: string;
}

export interface TableRow {
  readonly place: Wording;
  readonly provider: unknown;
  readonly key: unknown;
}

/** The most likely name first. Names are compared in lower case and without separators. */
const providerColumns = [
  'provider',
  'providerid',
  'providername',
  'llmprovider',
  'vendor',
  'service',
  'name',
  'id',
];
const keyColumns = [
  'apikey',
  'encryptedapikey',
  'apikeyencrypted',
  'encryptedkey',
  'apitoken',
  'secretkey',
  'secret',
  'token',
  'key',
  'value',
];

/** Guesses by their names which columns hold the provider and the key; undefined if no name fits. */
export function guessMapping(columns: readonly string[]): Partial<ColumnMapping> {
  const provider = likeliest(columns, providerColumns);
  const key = likeliest(
    columns.filter((column) => column !== provider),
    keyColumns,
  );
  return { ...(provider === undefined ? {} : { provider }), ...(key === undefined ? {} : { key }) };
}

function likeliest(columns: readonly string[], names: readonly string[]): string | undefined {
  const bare = (column: string) => column.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  for (const name of names) {
    const found = columns.find((column) => bare(column) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The tables that may hold keys. Tables with a guess for both columns come first. */
export function likelyTables(tables: readonly SourceTable[]): SourceTable[] {
  const rank = ({ columns }: SourceTable) => Object.keys(guessMapping(columns)).length;
  return tables.filter(({ columns }) => columns.length >= 2).sort((a, b) => rank(b) - rank(a));
}

/** The rows with both a provider and a key, and the others with what is missing. */
export function rowsOfTable(read: readonly TableRow[]): SourceRows {
  const rows: SourceRow[] = [];
  const bad: BadRow[] = [];
  for (const { place, ...cells } of read) {
    const provider = textOf(cells.provider);
    const key = textOf(cells.key);
    if (provider === undefined) bad.push({ place, problem: (l10n) => l10n.t('it has no provider') });
    else if (key === undefined)
      bad.push({
        place: (l10n) => `${place(l10n)}, ${provider}`,
        problem: (l10n) => l10n.t('it has no key'),
      });
    else rows.push({ place, provider, value: new Secret(key) });
  }
  return { rows, bad };
}

/** Databases may store text as bytes. */
function textOf(cell: unknown): string | undefined {
  const text = cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : cell;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
