import type { Cap, CapUse } from '../guard/caps.ts';
import { minuteMs } from './minute.ts';
import type { LedgerStore, Moment } from './store.ts';

/** What caps are counted from. */
export type CapTables = Pick<LedgerStore, 'holds' | 'usage' | 'days'>;

/** What counts against a cap now. Calls of the last minute count there as what they used or may still use. */
export function capUse(store: CapTables, cap: Cap, { nowMs, day }: Moment): CapUse {
  const { holds, usage, days } = store;
  switch (cap.kind) {
    case 'requestsPerDay': {
      const sums = usage.totals(day, day, cap.scope);
      return { used: sums.requests, held: sums.heldRequests, resetsAtMs: days.endOfDay(day, nowMs) };
    }
    case 'tokensPerDay': {
      const sums = usage.totals(day, day, cap.scope);
      const used = sums.inputTokens + sums.outputTokens;
      return { used, held: sums.heldTokens, resetsAtMs: days.endOfDay(day, nowMs) };
    }
    case 'usdPerDay': {
      const sums = usage.totals(day, day, cap.scope);
      return { used: sums.costMicroUsd, held: sums.heldMicroUsd, resetsAtMs: days.endOfDay(day, nowMs) };
    }
    case 'usdPerMonth': {
      const sums = usage.totals(`${day.slice(0, 7)}-01`, day, cap.scope);
      return { used: sums.costMicroUsd, held: sums.heldMicroUsd, resetsAtMs: days.endOfMonth(day, nowMs) };
    }
    case 'requestsPerMinute':
    case 'tokensPerMinute': {
      const { requests, tokens, oldestMs } = holds.since(nowMs - minuteMs, cap.scope);
      const used = cap.kind === 'requestsPerMinute' ? requests : tokens;
      return { used, held: 0, resetsAtMs: (oldestMs ?? nowMs) + minuteMs };
    }
    case 'callsAtOnce':
      return { used: 0, held: holds.callsAtOnce(cap.scope) };
  }
}
