import type { Wording } from '../../shared/l10n.ts';
import { importLimits } from '../../shared/limits.ts';
import { checkRows, guessMapping, type SourceTable } from './table.ts';

const lineFeed = 0x0a;
const delimiters = [',', ';', '\t'] as const;

/**
 * The table in a CSV text (RFC 4180), whose first line names the columns. Spreadsheets also separate by semicolons or
 * tabs. Undefined for other text: the names of its columns tell that it is one.
 */
export function readCsvTable(text: string): SourceTable | undefined {
  for (const delimiter of delimiters) {
    const [columns = []] = recordsOf(text, delimiter, 1);
    const { provider, key } = guessMapping(namesIn(columns));
    if (provider !== undefined && key !== undefined) return tableOf(text, delimiter);
  }
  return undefined;
}

function tableOf(text: string, delimiter: string): SourceTable {
  const [columns = [], ...records] = recordsOf(text, delimiter, importLimits.rows + 2);
  const name: Wording = (l10n) => l10n.t('the table');
  return {
    name,
    columns: namesIn(columns),
    read: ({ provider, key, address }) => {
      checkRows(records.length, name);
      return Promise.resolve(
        records.map((record, index) => ({
          place: (l10n) => l10n.t('{0}, row {1}', name(l10n), index + 1),
          provider: record[columns.indexOf(provider)],
          key: record[columns.indexOf(key)],
          ...(address === undefined ? {} : { address: record[columns.indexOf(address)] }),
        })),
      );
    },
  };
}

function namesIn(columns: readonly string[]): string[] {
  return [...new Set(columns)].filter(({ length }) => length <= importLimits.nameChars);
}

/** The first records of the text, without empty lines. A quoted field may have delimiters and line breaks. */
function recordsOf(text: string, delimiter: string, most: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (let at = 0; at <= text.length && records.length < most;) {
    if (record.length === 0 && text.charCodeAt(at) === lineFeed) {
      at += 1;
      continue;
    }
    const field = text[at] === '"' ? quotedField(text, at, delimiter) : plainField(text, at, delimiter);
    if (record.length < importLimits.columns) record.push(field.value);
    at = field.end + 1;
    if (text[field.end] === delimiter) continue;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}

interface Field {
  readonly value: string;
  /** Where the delimiter or the end of the line is. */
  readonly end: number;
}

function plainField(text: string, start: number, delimiter: string): Field {
  const stop = delimiter.charCodeAt(0);
  let end = start;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === stop || code === lineFeed) break;
  }
  return { value: text.slice(start, end).trim(), end };
}

/** Two quotes in it stand for one. What follows the last quote does not belong to the field. */
function quotedField(text: string, start: number, delimiter: string): Field {
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) close = text.length;
  const value = text.slice(start + 1, close).replaceAll('""', '"');
  return { value, end: plainField(text, close + 1, delimiter).end };
}
