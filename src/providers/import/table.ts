import type { Wording } from '../../shared/l10n.ts';
import { importLimits } from '../../shared/limits.ts';
import { Secret } from '../../shared/secret.ts';
import { SourceError, type BadRow, type SourceRow, type SourceRows } from './source-row.ts';

/** A table of a source. It is read only after the user has confirmed which columns to read. */
export interface SourceTable {
  readonly name: Wording;
  readonly columns: readonly string[];
  readonly read: (mapping: ColumnMapping, signal: AbortSignal) => Promise<readonly TableRow[]>;
}

export interface ColumnMapping {
  readonly provider: string;
  readonly key: string;
  /** The column with the address that a key is for, if the table has one. */
  readonly address?: string;
}

export interface TableRow {
  readonly place: Wording;
  readonly provider: unknown;
  readonly key: unknown;
  /** Absent if the table has no column for it. */
  readonly address?: unknown;
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

const addressColumns = ['baseurl', 'apibase', 'apibaseurl', 'apiurl', 'apiendpoint', 'endpoint'];

/** The mapping with the column of addresses, which the user need not confirm: an address only narrows a key. */
export function withAddress(mapping: ColumnMapping, columns: readonly string[]): ColumnMapping {
  const address = likeliest(columns, addressColumns);
  return address === undefined ? mapping : { ...mapping, address };
}

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
  const bare = columns.map((column) => column.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  const name = names.find((known) => bare.includes(known));
  return name === undefined ? undefined : columns[bare.indexOf(name)];
}

/** The tables that may hold keys. Tables with a guess for both columns come first. */
export function likelyTables(tables: readonly SourceTable[]): SourceTable[] {
  return tables
    .filter(({ columns }) => columns.length >= 2)
    .map((table) => ({ table, rank: Object.keys(guessMapping(table.columns)).length }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ table }) => table);
}

/** Refuses a table that is too long, because a part of it would be unknown to the user. */
export function checkRows(count: number, table: Wording): void {
  const { rows } = importLimits;
  if (count <= rows) return;
  throw new SourceError((l10n) =>
    l10n.t('{0} has more than {1} rows, which is too many for a table of keys', table(l10n), rows),
  );
}

/** The rows with both a provider and a key, and the others with what is missing. */
export function rowsOfTable(read: readonly TableRow[]): SourceRows {
  const rows: SourceRow[] = [];
  const bad: BadRow[] = [];
  for (const { place, ...cells } of read) {
    const provider = textOf(cells.provider);
    const key = textOf(cells.key);
    const address = textOf(cells.address);
    const problem = problemOf(provider, key);
    if (provider !== undefined && key !== undefined && problem === undefined)
      rows.push({ place, provider, value: new Secret(key), ...(address === undefined ? {} : { address }) });
    else
      bad.push({ place: placeOf(place, provider), problem: problem ?? ((l10n) => l10n.t('it has no key')) });
  }
  return { rows, bad };
}

function problemOf(provider: string | undefined, key: string | undefined): Wording | undefined {
  if (provider === undefined) return (l10n) => l10n.t('it has no provider');
  if (provider.length > importLimits.nameChars) return (l10n) => l10n.t("its provider's name is too long");
  return key === undefined ? undefined : lengthProblem(key);
}

/** Why a value is too long to be a key, or undefined. */
export function lengthProblem(value: string): Wording | undefined {
  return value.length > importLimits.keyChars ? (l10n) => l10n.t('it is too long for a key') : undefined;
}

function placeOf(place: Wording, provider: string | undefined): Wording {
  if (provider === undefined || provider.length > importLimits.nameChars) return place;
  return (l10n) => `${place(l10n)}, ${provider}`;
}

/** Databases may store text as bytes. */
function textOf(cell: unknown): string | undefined {
  const text = cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : cell;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
