import { PassThroughEvents } from '../../passthrough/passthrough-events.ts';
import type { BodyReader } from '../../stream/web-stream.ts';

/** Matches a name only, never the answer's text: quotes in text are escaped. */
const emptyError = /"error"(?=\s*:\s*(?:null|false)\b)/g;

/**
 * The body of an event stream without empty errors. Some servers send `"error": null` with every event, and the SDK
 * takes any `error` for a real one and drops the event's content.
 */
export function withoutEmptyErrors(body: BodyReader): BodyReader {
  const events = new PassThroughEvents();
  return {
    read: async () => {
      for (;;) {
        const chunk = await body.read();
        const whole = chunk === undefined ? events.end() : events.push(chunk);
        if (whole.length > 0) return renamed(whole);
        if (chunk === undefined) return undefined;
      }
    },
    cancel: () => {
      body.cancel();
    },
  };
}

function renamed(events: Buffer): Uint8Array {
  if (!events.includes('"error"')) return events;
  return Buffer.from(events.toString().replaceAll(emptyError, '"no_error"'));
}
