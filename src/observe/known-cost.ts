/** Of any sums of calls. */
export interface CostSums {
  readonly costMicroUsd: number;
  /** Of the requests, those whose price nobody knows. */
  readonly unknownCost: number;
  readonly requests: number;
}

/** In millionths of a US dollar; null where the price of no request is known, so that the sum says nothing. */
export function knownMicroUsd({ costMicroUsd, unknownCost, requests }: CostSums): number | null {
  return unknownCost > 0 && unknownCost >= requests ? null : costMicroUsd;
}
