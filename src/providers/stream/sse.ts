import { createParser } from 'eventsource-parser';

/** One server-sent event: its `data` lines joined by line feeds. */
export interface ServerSentEvent {
  /** The `event` field; undefined for the default, `message`. */
  readonly event: string | undefined;
  readonly data: string;
}

/** No provider sends events of nearly this size; one that does is broken or hostile. */
export const maxEventChars = 16 * 1024 * 1024;

/** An event is larger than the limit. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';
}

/**
 * Turns the bytes of an event stream, split anywhere, into events. Follows the WHATWG HTML standard, section 9.2.6
 * 'Interpreting an event stream': CR, LF and CRLF, a leading BOM, comments, several data lines.
 */
export class SseDecoder {
  // Removes the BOM, and keeps a character that a chunk cuts in two.
  readonly #decoder = new TextDecoder();
  readonly #feed: (text: string) => void;
  #events: ServerSentEvent[] = [];
  #tooLarge: EventTooLargeError | undefined;

  /** `maxChars`: the limit for an unfinished event, in UTF-16 units. */
  constructor(maxChars = maxEventChars) {
    const parser = createParser({
      maxBufferSize: maxChars,
      onEvent: ({ event, data }) => {
        this.#events.push({ event, data });
      },
      onError: ({ type }) => {
        // The standard requires that unknown fields and bad `retry` values are ignored.
        if (type === 'max-buffer-size-exceeded') this.#tooLarge = new EventTooLargeError();
      },
    });
    this.#feed = (text) => {
      if (this.#tooLarge === undefined) parser.feed(text);
      if (this.#tooLarge !== undefined) throw this.#tooLarge;
    };
  }

  /** The events that these bytes complete. Throws `EventTooLargeError`, then also at each later call. */
  push(bytes: Uint8Array): ServerSentEvent[] {
    this.#feed(this.#decoder.decode(bytes, { stream: true }));
    return this.#take();
  }

  /**
   * The stream has ended. Returns the event that its last line may have begun. The standard drops this event, but a
   * `data: [DONE]` without its blank line is still a complete answer. The caller decides.
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
