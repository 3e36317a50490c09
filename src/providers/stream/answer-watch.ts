import type { Outcome } from '../../guard/outcome.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import { parseJson } from '../../shared/json.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { AnswerEnd } from '../dialects/dialect.ts';
import { dialects, type WireDialect } from '../dialects/dialects.ts';
import { hasError, messageIn, present, type Sanitize } from '../transport/provider-message.ts';
import { eventsBefore, PassThroughEvents } from '../passthrough/passthrough-events.ts';
import type { Relay } from './relay.ts';
import { EventTooLargeError, maxEventChars, SseDecoder, type ServerSentEvent } from './sse.ts';
import { createUsageReader, type UsageReader } from './usage-reader.ts';

/** Watches the body of a successful response, and says when and how the answer ended. */
export interface AnswerWatch {
  readonly format: 'eventStream' | 'json';
  /** The usage reported so far. */
  readonly usage: ReportedUsage | undefined;
  /** Reads the next bytes. An outcome means that the answer is over, even if the server keeps the socket open. */
  push(bytes: Uint8Array): Outcome | undefined;
  /** No bytes follow. `broken`: the connection broke; otherwise it was closed properly. */
  end(broken: boolean): Outcome;
}

export interface WatchOptions {
  readonly dialect: WireDialect;
  readonly sanitize: Sanitize;
  /**
   * For an answer that is passed through. The relay takes the whole events of a stream and meters their content. After
   * the first 64 KiB the watch skips events that cannot be an error, report usage or end the answer: whether those are
   * JSON is left to the client.
   */
  readonly relay?: Relay | undefined;
}

/** How much of the data of a relayed stream is always read. */
const readInFullChars = 64 * 1024;

const broke: Wording = (l10n) => l10n.t('the connection was lost');
const unmarked: Wording = (l10n) => l10n.t('it ended without an end marker');
const tooLarge: Wording = (l10n) => l10n.t('it is larger than {0} characters', maxEventChars);
const eventTooLarge: Wording = (l10n) =>
  l10n.t('one of its events is larger than {0} characters', maxEventChars);
const notJson: Wording = (l10n) => l10n.t('it is not JSON');
const eventNotJson: Wording = (l10n) => l10n.t('one of its events is not JSON');

/**
 * An event stream, which is complete at its dialect's end marker. An event with an error ends it, even if an end
 * marker follows, as some servers send it.
 */
class EventStreamWatch implements AnswerWatch {
  readonly format = 'eventStream';
  readonly #options: WatchOptions;
  readonly #decoder = new SseDecoder();
  readonly #usage: UsageReader;
  readonly #events = new PassThroughEvents();
  readonly #end: AnswerEnd;
  #readChars = 0;
  /** How many of the events that were judged last were good. */
  #judged = 0;
  #finished = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#end = dialects[options.dialect].end;
    this.#usage = createUsageReader(options.dialect);
  }

  get usage(): ReportedUsage | undefined {
    return this.#usage.usage;
  }

  push(bytes: Uint8Array): Outcome | undefined {
    const { relay } = this.#options;
    if (relay === undefined) return this.#judge(() => this.#decoder.push(bytes));
    let outcome: Outcome | undefined;
    const events = this.#events.push(bytes);
    const isSignificant = this.#end.significant.test(events.toString());
    if (isSignificant || this.#readsInFull(relay)) {
      relay.meter.read(events.length);
      outcome = this.#judge(() => this.#decoder.push(events));
    } else relay.meter.unread(events.length);
    // Pass on neither the error, which may contain secrets, nor what follows: the guard reports it in its own words.
    const isBroken = outcome !== undefined && outcome.kind !== 'complete';
    relay.put(isBroken ? eventsBefore(events, this.#judged) : events, isSignificant);
    if (outcome?.kind === 'complete') relay.put(this.#events.end(), true);
    if (outcome !== undefined || this.#events.pendingBytes <= maxEventChars) return outcome;
    return { kind: 'malformed', problem: eventTooLarge };
  }

  end(broken: boolean): Outcome {
    const rest = this.#events.end();
    const outcome = this.#endWith(rest, broken);
    if (outcome.kind === 'complete') this.#options.relay?.put(rest, true);
    return outcome;
  }

  #endWith(rest: Buffer, broken: boolean): Outcome {
    const last = this.#judge(() => [...this.#decoder.push(rest), ...this.#decoder.end()]);
    // The last line of a cut stream is half an event, so it is no surprise that it does not parse.
    if (last !== undefined && last.kind !== 'malformed') return last;
    if (this.#finished) return { kind: 'complete' };
    return { kind: 'cut', problem: broken ? broke : unmarked };
  }

  #readsInFull({ meter }: Relay): boolean {
    return this.#readChars < readInFullChars || !meter.hasBegun;
  }

  #judge(read: () => ServerSentEvent[]): Outcome | undefined {
    this.#judged = 0;
    try {
      for (const event of read()) {
        const outcome = this.#judgeEvent(event);
        if (outcome !== undefined) return outcome;
        this.#judged += 1;
      }
      return undefined;
    } catch (error) {
      if (error instanceof EventTooLargeError) return { kind: 'malformed', problem: eventTooLarge };
      throw error;
    }
  }

  #judgeEvent(sent: ServerSentEvent): Outcome | undefined {
    const { event, data } = sent;
    // Parsing the end marker would throw, which would be the most expensive part of a short answer.
    const json = data === this.#end.bareMarker ? undefined : parseJson(data);
    const mark = this.#end.mark(sent, json);
    // The last event may be the one that reports usage.
    this.#usage.read(json);
    if (mark === 'over') return { kind: 'complete' };
    if (event === 'error' || mark === 'failed' || hasError(json)) {
      return { kind: 'errorEvent', message: present(messageIn(json) ?? data, this.#options.sanitize) };
    }
    const { relay } = this.#options;
    this.#readChars += data.length;
    if (json === undefined) {
      if (relay !== undefined && this.#readChars > readInFullChars) return undefined;
      return { kind: 'malformed', problem: eventNotJson };
    }
    relay?.meter.event(json);
    this.#finished ||= mark === 'finished';
    return undefined;
  }
}

/** One JSON text, which is complete when it parses. */
class JsonWatch implements AnswerWatch {
  readonly format = 'json';
  readonly #options: WatchOptions;
  readonly #decoder = new TextDecoder();
  readonly #usage: UsageReader;
  #text = '';

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#usage = createUsageReader(options.dialect);
  }

  get usage(): ReportedUsage | undefined {
    return this.#usage.usage;
  }

  push(bytes: Uint8Array): Outcome | undefined {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    return this.#text.length > maxEventChars ? { kind: 'malformed', problem: tooLarge } : undefined;
  }

  end(broken: boolean): Outcome {
    const json = parseJson(this.#text + this.#decoder.decode());
    if (json === undefined) {
      return broken ? { kind: 'cut', problem: broke } : { kind: 'malformed', problem: notJson };
    }
    this.#usage.read(json);
    if (!hasError(json)) return { kind: 'complete' };
    return { kind: 'errorEvent', message: present(messageIn(json), this.#options.sanitize) };
  }
}

/** Chooses by the `content-type` of a success; undefined for an HTML page, which comes from a proxy or a portal. */
export function watchFor(contentType: string | undefined, options: WatchOptions): AnswerWatch | undefined {
  if (/\bjson\b/i.test(contentType ?? '')) return new JsonWatch(options);
  if (/html/i.test(contentType ?? '')) return undefined;
  // Some servers stream as text/plain or send no type.
  return new EventStreamWatch(options);
}
