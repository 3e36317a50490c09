import type { Days } from '../ledger/days.ts';
import type { Status } from './status.ts';

/**
 * When the status will be another one though nothing is written: the day ends, a call is older than a minute, a rest
 * is over. In wall-clock milliseconds.
 */
export function statusEndsMs({ providers, day, nowMs }: Status, days: Pick<Days, 'endOfDay'>): number {
  const ends = providers.flatMap(({ caps, rateLimitPauses: rests }) => [
    ...rests.values(),
    ...caps.flatMap(({ used, resetsAtMs }) => (used === 0 ? [] : (resetsAtMs ?? []))),
  ]);
  return Math.min(days.endOfDay(day, nowMs), ...ends);
}
