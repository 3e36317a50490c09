import type { Shown } from '../../guard/outcome.ts';
import { isObject } from '../../shared/json.ts';
import type { DialectDefinition } from './dialect.ts';

/** The providers' words for why a model stopped, each with the AI SDK's name. */
const words: Readonly<Record<NonNullable<Shown['finish']>, readonly string[]>> = {
  stop: ['stop', 'end_turn', 'stop_sequence', 'completed', 'complete', 'eos', 'eos_token'],
  length: ['length', 'max_tokens', 'max_output_tokens', 'model_length', 'model_context_window_exceeded'],
  'content-filter': [
    ...['content_filter', 'refusal', 'safety', 'recitation', 'blocklist', 'prohibited_content', 'spii'],
    ...['image_safety', 'sensitive', 'content_filtered', 'guardrail_intervened'],
  ],
  'tool-calls': ['tool_calls', 'tool_use', 'function_call'],
  error: ['error', 'network_error', 'insufficient_system_resource', 'abort', 'aborted'],
  interrupted: ['cancelled', 'pause_turn'],
  other: [],
};

const finishes: ReadonlyMap<string, NonNullable<Shown['finish']>> = new Map(
  (Object.keys(words) as (keyof typeof words)[]).flatMap((finish) =>
    words[finish].map((word) => [word, finish] as const),
  ),
);

/** Why the model stopped; undefined if the answer, or the event, does not say. Never the provider's own text. */
export function finishOf({ end }: DialectDefinition, answer: unknown): Shown['finish'] {
  const reason = isObject(answer) ? end.reason(answer) : undefined;
  if (typeof reason !== 'string' || reason === '' || reason === 'in_progress') return undefined;
  return finishOfWord(reason);
}

/** Google's API for OpenAI's clients adds a word of Google's own, as in `content_filter: RECITATION`. */
export function finishOfWord(reason: string): NonNullable<Shown['finish']> {
  const word = reason.toLowerCase();
  return finishes.get(word) ?? finishes.get(word.split(':')[0] ?? '') ?? 'other';
}
