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

/** The answer that the events of a stream make together. Texts of one kind that follow each other are one part. */
export function googleWholeOfEvents(events: readonly JsonEvent[]): object {
  const parts: JsonEvent[] = [];
  let whole: JsonEvent = {};
  let end: JsonEvent = {};
  for (const { candidates, ...rest } of events) {
    whole = { ...whole, ...rest };
    const [candidate] = Array.isArray(candidates) ? (candidates as readonly unknown[]) : [];
    if (!isObject(candidate)) continue;
    const { content, ...others } = candidate;
    end = { ...end, ...others };
    const added: unknown = isObject(content) ? content['parts'] : undefined;
    if (Array.isArray(added)) for (const part of added.filter(isObject)) addPart(parts, part);
  }
  const isAnswer = parts.length > 0 || Object.keys(end).length > 0;
  const candidate = { index: 0, content: { role: 'model', parts }, ...end };
  return { ...(isAnswer ? { candidates: [candidate] } : {}), ...whole };
}

/** A signature belongs to the part in which it came. */
function addPart(parts: JsonEvent[], part: JsonEvent): void {
  const last = parts.at(-1);
  const grows =
    typeof last?.['text'] === 'string' &&
    typeof part['text'] === 'string' &&
    (last['thought'] ?? false) === (part['thought'] ?? false) &&
    typeof last['thoughtSignature'] !== 'string';
  if (grows)
    parts.splice(-1, 1, { ...last, ...part, text: `${String(last['text'])}${String(part['text'])}` });
  else parts.push(part);
}
