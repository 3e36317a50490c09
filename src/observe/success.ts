/**
 * The success rate in percent, to one decimal; null if nothing succeeded or failed. Cancelled calls do not count.
 * Tile, table and status all use this rule.
 */
export function successPercent(sums: { readonly succeeded: number; readonly failed: number }): number | null {
  const judged = sums.succeeded + sums.failed;
  return judged === 0 ? null : Math.round((sums.succeeded / judged) * 1_000) / 10;
}
