import * as z from 'zod';
import type { WireDialect } from '../config/catalogue.ts';
import type { ServerSentEvent } from './sse.ts';

/**
 * What an event says about the end of the answer. `over`: nothing that follows belongs to it. `finished`: it is whole
 * once the stream ends, and more may come until then. `failed`: it ends here, with the provider's error.
 */
export type EndMark = 'over' | 'finished' | 'failed' | undefined;

const typed = z.object({ type: z.string() });
/** An answer that its limit or a filter ended is a whole answer with a reason, as it is in the other dialects. */
const responseEnds: ReadonlyMap<string, EndMark> = new Map([
  ['response.completed', 'over'],
  ['response.incomplete', 'over'],
  ['response.failed', 'failed'],
  ['error', 'failed'],
] as const);
const finished = z.union([
  z.object({ candidates: z.tuple([z.object({ finishReason: z.string().min(1) })]).rest(z.unknown()) }),
  // The prompt itself was refused: there is no candidate, and none will come.
  z.object({ promptFeedback: z.object({ blockReason: z.string().min(1) }) }),
]);

/** `json` is the event's data, parsed; undefined where it is none. */
export const endMarks: Readonly<Record<WireDialect, (event: ServerSentEvent, json: unknown) => EndMark>> = {
  // OpenAI's API reference, 'Streaming'.
  'openai-chat': ({ data }) => (data === '[DONE]' ? 'over' : undefined),
  // OpenAI's API reference, 'Responses', 'Streaming events'.
  'openai-responses': (_event, json) => responseEnds.get(typed.safeParse(json).data?.type ?? ''),
  // Anthropic's API reference, 'Streaming messages'.
  'anthropic-messages': (_event, json) =>
    // Not a schema of the marker alone: to fail at each event would cost more than to read it.
    typed.safeParse(json).data?.type === 'message_stop' ? 'over' : undefined,
  // There is no marker: the last chunk has a reason, and may still be followed by one with usage alone.
  'google-generative': (_event, json) => (finished.safeParse(json).success ? 'finished' : undefined),
};

/**
 * Some of it stands in the text of every event that is an error, reports usage or is marked as an end; in others it
 * may, too. Many providers send `"usage":null` with every event. A letter of a name may be written as its number:
 * nobody does that, but it would be the same name.
 */
export const tellingWords: Readonly<Record<WireDialect, RegExp>> = {
  'openai-chat': /error|usage(?!"\s*:\s*null)|\\u00[4-7]|\[DONE\]/,
  'openai-responses': /error|usage(?!"\s*:\s*null)|\\u00[4-7]|response\.(?:completed|incomplete|failed)/,
  'anthropic-messages': /error|usage(?!"\s*:\s*null)|\\u00[4-7]|message_stop/,
  'google-generative': /error|usage(?!"\s*:\s*null)|\\u00[4-7]|finishReason|blockReason/,
};
