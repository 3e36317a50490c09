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

/** The response that the events of a stream make together: the last event has all of it, or all but its items. */
export function responsesWholeOfEvents(events: readonly JsonEvent[]): object {
  const items = new Map<unknown, JsonEvent>();
  const written = new Map<unknown, string>();
  let response: JsonEvent = { object: 'response' };
  for (const { type, item, item_id: id, delta, response: state } of events) {
    if (isObject(state)) response = { ...response, ...state };
    if (isObject(item)) items.set(item['id'] ?? items.size, item);
    const grows = type === 'response.output_text.delta' || type === 'response.function_call_arguments.delta';
    if (grows && typeof delta === 'string') written.set(id, (written.get(id) ?? '') + delta);
  }
  if (Array.isArray(response['output']) && response['output'].length > 0) return response;
  return { ...response, output: [...items].map(([id, item]) => withText(item, written.get(id))) };
}

/** The item as its end has it, with the text that came in deltas alone. */
function withText(item: JsonEvent, text: string | undefined): JsonEvent {
  if (text === undefined) return item;
  const { type, content, arguments: input } = item;
  if (type === 'function_call')
    return typeof input === 'string' && input !== '' ? item : { ...item, arguments: text };
  if (type !== 'message' || (Array.isArray(content) && content.length > 0)) return item;
  return { ...item, status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] };
}
