import { knownMicroUsd } from '../../observe/known-cost.ts';
import { successPercent } from '../../observe/success.ts';
import type { UsageReport } from '../panel-messages.ts';

export type ModelRow = UsageReport['models'][number];

export const sortColumns = [
  'model',
  'requests',
  'success',
  'failed',
  'inputTokens',
  'outputTokens',
  'cost',
  'durationP50',
  'durationP95',
] as const;

export type SortColumn = (typeof sortColumns)[number];

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

const numbers: Readonly<Record<Exclude<SortColumn, 'model'>, (row: ModelRow) => number | null>> = {
  requests: (row) => row.requests,
  success: successPercent,
  failed: (row) => row.failed,
  inputTokens: (row) => row.inputTokens,
  outputTokens: (row) => row.outputTokens,
  cost: knownMicroUsd,
  durationP50: (row) => row.durationP50Ms,
  durationP95: (row) => row.durationP95Ms,
};

/** The rows in order. What nobody knows comes last either way, and equal rows are in the order of their names. */
export function sortModels(rows: readonly ModelRow[], sort: Sort, names: Intl.Collator): ModelRow[] {
  const { column } = sort;
  const sign = sort.descending ? -1 : 1;
  const byName = (a: ModelRow, b: ModelRow) =>
    names.compare(a.provider, b.provider) || names.compare(a.model, b.model);
  if (column === 'model') return rows.toSorted((a, b) => sign * byName(a, b));
  const read = numbers[column];
  return rows.toSorted((a, b) => {
    const [left, right] = [read(a), read(b)];
    if (left === null || right === null)
      return Number(left === null) - Number(right === null) || byName(a, b);
    return sign * (left - right) || byName(a, b);
  });
}

/** What a click on a column's head leads to: the other direction, or for another column its first one. */
export function nextSort(sort: Sort, column: SortColumn): Sort {
  if (sort.column === column) return { column, descending: !sort.descending };
  // Names from A; of numbers the largest are what one looks for.
  return { column, descending: column !== 'model' };
}
