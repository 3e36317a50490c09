import type { AnswerBody } from '../stream/answer-body.ts';
import { PassThroughEvents } from '../passthrough/passthrough-events.ts';

/** As a name it stands in quotes that no text of the answer can have around it: there they are escaped. */
const emptyError = /"error"(?=\s*:\s*(?:null|false)\b)/g;

/**
 * The body of an event stream in which nothing is called `error` that is none: some servers send `"error": null` with
 * every event, and the SDK takes any `error` for one and drops the event's content.
 */
export function withoutEmptyErrors(body: AnswerBody): Pick<AnswerBody, 'read' | 'cancel'> {
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
