import { createParser } from 'eventsource-parser';

/** One server-sent event: its `data` lines joined by line feeds. */
export interface ServerSentEvent {
  /** The `event` field; undefined stands for the default, `message`. */
  readonly event: string | undefined;
  readonly data: string;
}

/** No provider sends events anywhere near this; one that does is broken or hostile. */
export const maxEventChars = 16 * 1024 * 1024;

/** An event grew over the limit. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';
}

/**
 * Turns the bytes of an event stream, split anywhere, into events, by the WHATWG HTML standard, section 9.2.6
 * 'Interpreting an event stream': CR, LF and CRLF, a leading BOM, comments, several data lines.
 */
export class SseDecoder {
  // It takes away the BOM, and keeps a character that a chunk cuts in two.
  readonly #decoder = new TextDecoder();
  readonly #feed: (text: string) => void;
  #events: ServerSentEvent[] = [];
  #tooLarge: EventTooLargeError | undefined;

  /** `maxChars` bounds what is kept of an unfinished event, in UTF-16 units. */
  constructor(maxChars = maxEventChars) {
    const parser = createParser({
      maxBufferSize: maxChars,
      onEvent: ({ event, data }) => {
        this.#events.push({ event, data });
      },
      onError: ({ type }) => {
        // Unknown fields and bad `retry` values are to be ignored, says the standard.
        if (type === 'max-buffer-size-exceeded') this.#tooLarge = new EventTooLargeError();
      },
    });
    this.#feed = (text) => {
      if (this.#tooLarge === undefined) parser.feed(text);
      if (this.#tooLarge !== undefined) throw this.#tooLarge;
    };
  }

  /** The events that are complete with these bytes. Throws `EventTooLargeError`, and again at each later call. */
  push(bytes: Uint8Array): ServerSentEvent[] {
    this.#feed(this.#decoder.decode(bytes, { stream: true }));
    return this.#take();
  }

  /**
   * The stream has ended: the event that its last line may still have begun. The standard drops it, but a
   * `data: [DONE]` without its blank line is a complete answer all the same; the caller judges.
   */
  end(): ServerSentEvent[] {
    this.#feed(`${this.#decoder.decode()}\n\n`);
    return this.#take();
  }

  #take(): ServerSentEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
