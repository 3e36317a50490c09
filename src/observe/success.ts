/**
 * In percent, to one digit, of what succeeded or failed; null where nothing has. What was cancelled is neither. The one
 * rule, so that tile, table and status never differ.
 */
export function successPercent(sums: { readonly succeeded: number; readonly failed: number }): number | null {
  const judged = sums.succeeded + sums.failed;
  return judged === 0 ? null : Math.round((sums.succeeded / judged) * 1_000) / 10;
}
