import type { UsageRow } from '../ledger/readers.ts';

const columns: readonly [name: string, of: (row: UsageRow) => string | number][] = [
  // 'YYYY-MM' for a month whose days were added up.
  ['day', ({ day }) => day],
  ['tenant', ({ tenant }) => tenant],
  ['provider', ({ provider }) => provider],
  ['model', ({ model }) => model],
  ['requests', ({ requests }) => requests],
  ['succeeded', ({ succeeded }) => succeeded],
  ['failed', ({ failed }) => failed],
  ['input_tokens', ({ inputTokens }) => inputTokens],
  ['cached_input_tokens', ({ cachedInputTokens }) => cachedInputTokens],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['cost_usd', ({ costMicroUsd }) => costMicroUsd / 1e6],
  ['requests_without_price', ({ unknownCost }) => unknownCost],
  ['requests_with_estimated_tokens', ({ estimated }) => estimated],
];

/** Usage by day, tenant, provider and model, as CSV (RFC 4180). */
export function usageCsv(rows: readonly UsageRow[]): string {
  const lines = rows.map((row) => columns.map(([, of]) => cell(of(row))).join(','));
  return [columns.map(([name]) => name).join(','), ...lines, ''].join('\r\n');
}

/** A row for other programs, with the names of the columns. */
export function usageFields(row: UsageRow): Record<string, string | number> {
  return Object.fromEntries(columns.map(([name, of]) => [name, of(row)]));
}

/**
 * Where a spreadsheet would find a formula; https://owasp.org/www-community/attacks/CSV_Injection. Not only at the
 * beginning: a spreadsheet that separates cells at semicolons, as in most of Europe, or at tabs ignores our quotes.
 */
const formula = /^(?=[\t\r\n])|(?<=^|[;,\t\r\n])(?=[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/gu;

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = value.replaceAll(formula, "'");
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
