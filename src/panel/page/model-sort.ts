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

/** The sorted rows. Unknown values come last in both directions, and equal rows are sorted by name. */
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

/** The sorting after a click on a column's head: the other direction, or the first direction of another column. */
export function nextSort(sort: Sort, column: SortColumn): Sort {
  if (sort.column === column) return { column, descending: !sort.descending };
  // Names sort from A on; numbers sort from the largest.
  return { column, descending: column !== 'model' };
}
