import { isObject } from '../../../shared/json.ts';
import type { JsonEvent } from '../dialect.ts';
import { reasonOf } from './events.ts';

/** The events of a completion that came in one piece. The marker of the end is no event of JSON. */
export function chatEventsOfWhole(answer: unknown): readonly JsonEvent[] | undefined {
  if (!isObject(answer) || !Array.isArray(answer['choices'])) return undefined;
  const { usage, ...rest } = answer;
  const common = { ...rest, object: 'chat.completion.chunk' };
  const choices = answer['choices'].filter(isObject);
  const parts = choices.map(({ message, finish_reason: _reason, ...choice }, index) => ({
    index,
    ...choice,
    delta: isObject(message) ? withIndices(message) : {},
    finish_reason: null,
  }));
  const ends = choices.map((choice, index) => ({
    index: choice['index'] ?? index,
    delta: {},
    finish_reason: reasonOf(choice) ?? 'stop',
  }));
  return [
    { ...common, choices: parts },
    { ...common, choices: ends },
    ...(isObject(usage) ? [{ ...common, choices: [], usage }] : []),
  ];
}

function withIndices(message: JsonEvent): JsonEvent {
  const { tool_calls: tools, ...rest } = message;
  if (!Array.isArray(tools)) return rest;
  return { ...rest, tool_calls: tools.filter(isObject).map((tool, index) => ({ index, ...tool })) };
}

interface Tool {
  id?: unknown;
  readonly type: 'function';
  readonly function: { name: string; arguments: string };
}

/** The completion that the events of a stream make together, of which each has at most one choice. */
export function chatWholeOfEvents(events: readonly JsonEvent[]): object {
  const texts: Record<string, string> = {};
  const tools = new Map<unknown, Tool>();
  let reason: string | undefined;
  let usage: unknown;
  for (const event of events) {
    if (isObject(event['usage'])) ({ usage } = event);
    const [choice] = Array.isArray(event['choices']) ? (event['choices'] as unknown[]) : [];
    reason = reasonOf(choice) ?? reason;
    const delta = isObject(choice) && isObject(choice['delta']) ? choice['delta'] : {};
    for (const name of ['content', 'reasoning_content', 'reasoning', 'refusal']) {
      const text = delta[name];
      if (typeof text === 'string') texts[name] = (texts[name] ?? '') + text;
    }
    const calls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'].filter(isObject) : [];
    for (const call of calls) addTool(tools, call);
  }
  const { usage: _usage, ...first } = events[0] ?? {};
  const message = {
    role: 'assistant',
    content: null,
    ...texts,
    ...(tools.size === 0 ? {} : { tool_calls: [...tools.values()] }),
  };
  return {
    ...first,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: reason ?? 'stop' }],
    ...(usage === undefined ? {} : { usage }),
  };
}

function addTool(tools: Map<unknown, Tool>, { index, id, function: called }: JsonEvent): void {
  const at = index ?? id ?? tools.size;
  const tool = tools.get(at) ?? { type: 'function', function: { name: '', arguments: '' } };
  tools.set(at, tool);
  if (typeof id === 'string' && id !== '') tool.id ??= id;
  if (!isObject(called)) return;
  if (typeof called['name'] === 'string') tool.function.name ||= called['name'];
  if (typeof called['arguments'] === 'string') tool.function.arguments += called['arguments'];
}
