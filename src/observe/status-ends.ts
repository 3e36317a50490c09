import type { Days } from '../ledger/days.ts';
import type { Status } from './status.ts';

/**
 * When the status changes although nothing is written: at the end of the day, of a call's minute, or of a rate-limit
 * pause. In wall-clock milliseconds.
 */
export function statusEndsMs({ providers, day, nowMs }: Status, days: Pick<Days, 'endOfDay'>): number {
  const ends = providers.flatMap(({ caps, rateLimitPauses: rests }) => [
    ...rests.values(),
    ...caps.flatMap(({ used, resetsAtMs }) => (used === 0 ? [] : (resetsAtMs ?? []))),
  ]);
  return Math.min(days.endOfDay(day, nowMs), ...ends);
}
