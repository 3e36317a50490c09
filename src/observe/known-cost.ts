/** Sums over any set of calls. */
export interface CostSums {
  readonly costMicroUsd: number;
  /** The requests whose price is unknown. */
  readonly unknownCost: number;
  readonly requests: number;
}

/** In millionths of a US dollar; null if no request has a known price, because then the sum means nothing. */
export function knownMicroUsd({ costMicroUsd, unknownCost, requests }: CostSums): number | null {
  return unknownCost > 0 && unknownCost >= requests ? null : costMicroUsd;
}
