import { isObject } from '../../../shared/json.ts';
import type { JsonEvent } from '../dialect.ts';
import { createResponsesSdkEvents } from './sdk-events.ts';

/** The events of a response that came in one piece. */
export function responsesEventsOfWhole(answer: unknown): readonly JsonEvent[] | undefined {
  if (!isObject(answer) || !Array.isArray(answer['output'])) return undefined;
  const isWhole = answer['status'] === undefined || answer['status'] === 'completed';
  const end = { type: isWhole ? 'response.completed' : 'response.incomplete', response: answer };
  const created = { ...answer, status: 'in_progress', output: [], usage: null };
  return [{ type: 'response.created', response: created }, ...createResponsesSdkEvents()(end)];
}
