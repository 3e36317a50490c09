import type { UsageTotals } from '../../src/ledger/readers.ts';

/** Of a day without a call. */
export const noTotals: UsageTotals = {
  requests: 0,
  succeeded: 0,
  failed: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costMicroUsd: 0,
  unknownCost: 0,
  estimated: 0,
  heldRequests: 0,
  heldTokens: 0,
  heldMicroUsd: 0,
};
