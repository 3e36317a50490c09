import { isObject } from '../../../shared/json.ts';
import type { JsonEvent, SdkEvents } from '../dialect.ts';

const ends: ReadonlySet<unknown> = new Set(['response.completed', 'response.incomplete']);

/**
 * The SDK reads texts and the beginnings of items from their own events alone. Some servers send a text in the event that
 * ends it, in its item, or only in the last event: then the events before it are made up.
 */
export function createResponsesSdkEvents(): SdkEvents {
  const begun = new Set<unknown>();
  const shown = new Set<unknown>();
  const done = new Set<unknown>();

  const begin = (id: unknown, index: unknown, item: object): JsonEvent[] => {
    if (begun.has(id)) return [];
    begun.add(id);
    return [{ type: 'response.output_item.added', output_index: index, item }];
  };
  const show = (id: unknown, index: unknown, text: unknown): JsonEvent[] => {
    if (shown.has(id) || typeof text !== 'string' || text === '') return [];
    const message = { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    const before = begin(id, index, message);
    shown.add(id);
    return [...before, { type: 'response.output_text.delta', item_id: id, output_index: index, delta: text }];
  };
  const finish = (item: JsonEvent, index: unknown, event: JsonEvent): JsonEvent[] => {
    const { id } = item;
    if (done.has(id)) return [];
    const before =
      item['type'] === 'message' ? show(id, index, textOf(item)) : begin(id, index, withoutInput(item));
    done.add(id);
    return [...before, event];
  };
  const placed = placesOfItems();
  return (sent) => {
    const event = asSummary(placed(sent));
    const { type, item, output_index: index = 0 } = event;
    const id = event['item_id'];
    if (type === 'response.output_item.added' && isObject(item)) begun.add(item['id']);
    else if (type === 'response.output_text.delta') shown.add(id);
    else if (type === 'response.output_text.done') return [...show(id, index, event['text']), event];
    else if (type === 'response.output_item.done' && isObject(item)) return finish(item, index, event);
    else if (ends.has(type)) {
      const output = isObject(event['response']) ? event['response']['output'] : undefined;
      const items = Array.isArray(output) ? output.filter(isObject) : [];
      return [
        ...items.flatMap((each, at) => {
          const end = { type: 'response.output_item.done', output_index: at, item: each };
          return shown.has(each['id']) ? [] : finish(each, at, end);
        }),
        event,
      ];
    }
    return [event];
  };
}

/** Some servers leave out at which place an item is. The SDK wants it. */
function placesOfItems(): (event: JsonEvent) => JsonEvent {
  const places = new Map<unknown, number>();
  return (event) => {
    const { type, item, item_id: itemId, output_index: index } = event;
    const id = isObject(item) ? item['id'] : itemId;
    if (id === undefined) return event;
    if (typeof index === 'number') {
      places.set(id, index);
      return event;
    }
    if (type === 'response.output_item.added' && !places.has(id)) places.set(id, places.size);
    return { ...event, output_index: places.get(id) ?? 0 };
  };
}

/** The SDK shows the summary of thoughts. vLLM and llama.cpp send the thoughts themselves. */
function asSummary(event: JsonEvent): JsonEvent {
  if (event['type'] !== 'response.reasoning_text.delta') return event;
  return { ...event, type: 'response.reasoning_summary_text.delta', summary_index: 0 };
}

function textOf({ content }: JsonEvent): string {
  const parts = Array.isArray(content) ? content.filter(isObject) : [];
  return parts
    .map(({ text, refusal }) => [text, refusal].find((each) => typeof each === 'string') ?? '')
    .join('');
}

/** A call begins without the arguments that its end has. */
function withoutInput(item: JsonEvent): JsonEvent {
  return {
    ...item,
    ...(typeof item['arguments'] === 'string' ? { arguments: '' } : {}),
    ...(Array.isArray(item['summary']) ? { summary: [] } : {}),
  };
}
