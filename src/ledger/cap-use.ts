import type { CapReader, CapScope } from '../guard/caps.ts';
import { minuteMs } from './tables/minute.ts';
import type { Days } from './days.ts';
import type { Moment } from './readers.ts';
import type { LedgerTables } from './tables/ledger-tables.ts';
import type { CapSums } from './tables/usage-table.ts';

/** The tables that caps are counted from. */
export type CapTables = Pick<LedgerTables, 'admissions' | 'usage' | 'parts' | 'sessions'>;

/**
 * Reads how full a cap is at a moment. In the caps of the last minute a call counts with what it used or may still use.
 * The sums of a scope object are read once, so do not write between two calls of `use`.
 */
export function capReader(
  { admissions, usage, parts, sessions }: CapTables,
  days: Days,
  { nowMs, day }: Moment,
): CapReader {
  const ofToday = new Map<CapScope, CapSums>();
  const today = (scope: CapScope): CapSums => {
    const ofDay = () =>
      scope.token === undefined ? usage.capSums(day, day, scope) : parts.capSums(day, scope.token.id);
    const sums = ofToday.get(scope) ?? ofDay();
    ofToday.set(scope, sums);
    return sums;
  };
  const ofSession = ({ session }: CapScope): CapSums => {
    if (session === undefined) throw new TypeError('a cap per session needs a session');
    return sessions.capSums(session);
  };
  const use: CapReader['use'] = ({ kind, scope }) => {
    switch (kind) {
      case 'requestsPerDay': {
        const { requests, heldRequests } = today(scope);
        return { used: requests, held: heldRequests, resetsAtMs: days.endOfDay(day, nowMs) };
      }
      case 'tokensPerDay': {
        const { tokens, heldTokens } = today(scope);
        return { used: tokens, held: heldTokens, resetsAtMs: days.endOfDay(day, nowMs) };
      }
      case 'usdPerDay': {
        const { costMicroUsd, heldMicroUsd } = today(scope);
        return { used: costMicroUsd, held: heldMicroUsd, resetsAtMs: days.endOfDay(day, nowMs) };
      }
      case 'usdPerMonth': {
        const sums = usage.capSums(`${day.slice(0, 7)}-01`, day, scope);
        return { used: sums.costMicroUsd, held: sums.heldMicroUsd, resetsAtMs: days.endOfMonth(day, nowMs) };
      }
      case 'usdPerSession': {
        const { costMicroUsd, heldMicroUsd } = ofSession(scope);
        return { used: costMicroUsd, held: heldMicroUsd };
      }
      case 'tokensPerSession': {
        const { tokens, heldTokens } = ofSession(scope);
        return { used: tokens, held: heldTokens };
      }
      case 'requestsPerMinute':
      case 'tokensPerMinute': {
        const { requests, tokens, oldestMs } = admissions.since(nowMs - minuteMs, scope);
        const used = kind === 'requestsPerMinute' ? requests : tokens;
        return { used, held: 0, resetsAtMs: (oldestMs ?? nowMs) + minuteMs };
      }
      case 'callsAtOnce':
        return { used: 0, held: admissions.callsAtOnce(scope) };
    }
  };
  return { use, hasShortCall: ({ scope }) => admissions.hasShortCall(scope) };
}
