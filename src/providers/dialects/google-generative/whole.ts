import { isObject } from '../../../shared/json.ts';
import type { JsonEvent } from '../dialect.ts';

/** An answer in one piece is an event as it is. Without `alt=sse` the API answers with a list of all events. */
export function googleEventsOfWhole(answer: unknown): readonly JsonEvent[] | undefined {
  const events: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  const known = events.filter(isObject);
  const isAnswer = known.some(
    (event) => event['candidates'] !== undefined || event['promptFeedback'] !== undefined,
  );
  return isAnswer ? known : undefined;
}
