import type { Outcome } from '../../guard/outcome.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import { isObject, parseJson } from '../../shared/json.ts';
import { outlineOf } from '../../shared/json-outline.ts';
import type { Wording } from '../../shared/l10n.ts';
import { answerLimits } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';
import type { DialectDefinition } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import { hasError, messageIn, present } from '../transport/provider-message.ts';
import { withoutContent, type AnswerPiece, type AnswerWatch, type WatchOptions } from './answer-watch.ts';
import { ContentMeter } from './content-meter.ts';
import { EventSplitter, type EventRun } from './event-splitter.ts';
import { readEvent, type ServerSentEvent } from './sse.ts';
import { createUsageReader, type UsageReader } from './usage-reader.ts';

const mib = 1024 * 1024;

const broke: Wording = (l10n) => l10n.t('the connection was lost');
const unmarked: Wording = (l10n) => l10n.t('it ended without an end marker');
const eventNotJson: Wording = (l10n) => l10n.t('one of its events is not JSON');
const tooManyValues: Wording = (l10n) => l10n.t('one of its events has too many values');
const eventTooLarge = (bytes: number): Outcome => ({
  kind: 'malformed',
  problem: (l10n) => l10n.t('one of its events is larger than {0} MiB', bytes / mib),
});
/** The events of our own prompts that may be long without content: Responses repeats the request in two of them. */
const repeats = 2;

/** What one event says. */
interface JudgedEvent {
  /** Of the answer, if the event ends it. */
  readonly outcome?: Outcome;
  /** What the AI SDK gets. */
  readonly sdkBytes?: Buffer;
  /** The client did not ask for this event. */
  readonly isHidden?: boolean;
}

const saysNothing: JudgedEvent = {};

/** With blanks around it. */
const longestMarker = 32;

/**
 * An event stream, which is complete at its dialect's end marker. An event with an error ends it, even if an end
 * marker follows, as some servers send it.
 *
 * A stream that is passed through keeps its bytes. After its first 64 KiB the watch skips events that cannot be an
 * error, report usage or end the answer: whether those are JSON is left to the client. For the AI SDK each event is
 * written again in one form, because its reader is slow for some forms and gives up on others.
 */
export class EventStreamWatch implements AnswerWatch {
  readonly #options: WatchOptions;
  readonly #dialect: DialectDefinition;
  readonly #eventBytes: number;
  readonly #splitter = new EventSplitter();
  readonly #usage: UsageReader;
  readonly #meter: ContentMeter;
  #pieces: AnswerPiece[] = [];
  #readBytes = 0;
  #heldBackBytes = 0;
  #events = 0;
  #hasFinished = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#dialect = dialects[options.dialect];
    this.#eventBytes = options.passThrough === undefined ? answerLimits.ownBytes : answerLimits.eventBytes;
    this.#usage = createUsageReader(options.dialect);
    this.#meter = new ContentMeter(this.#dialect.contentBytes);
  }

  get usage(): ReportedUsage | undefined {
    return this.#usage.usage;
  }

  take(): AnswerPiece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  *push(bytes: Uint8Array): Work<Outcome | undefined> {
    for (const run of this.#splitter.push(bytes)) {
      const outcome = yield* this.#readRun(run);
      if (outcome !== undefined) return outcome;
    }
    return this.#splitter.pendingBytes > this.#eventBytes ? eventTooLarge(this.#eventBytes) : undefined;
  }

  *end(broken: boolean): Work<Outcome> {
    // The standard drops an event without its blank line. But a `data: [DONE]` without it still ends an answer.
    const rest = this.#splitter.end();
    const outcome = yield* this.#readRun({ bytes: rest, ends: rest.length === 0 ? [] : [rest.length] });
    // The last line of a cut stream is half an event, so it is no surprise that it does not parse.
    if (outcome !== undefined && outcome.kind !== 'malformed') return outcome;
    if (this.#hasFinished && !broken) return { kind: 'complete' };
    return { kind: 'cut', problem: broken ? broke : unmarked };
  }

  *#readRun(run: EventRun): Work<Outcome | undefined> {
    const { bytes, ends } = run;
    if (this.#isSkipped(bytes)) {
      this.#meter.unread(bytes.length);
      this.#put(bytes);
      return undefined;
    }
    const isPassedOn = this.#options.passThrough !== undefined;
    let start = 0;
    let shownFrom = 0;
    for (const end of ends) {
      const { outcome, sdkBytes, isHidden } = yield* this.#read(bytes.subarray(start, end));
      if (isPassedOn) {
        // Pass on neither the error, which may contain secrets, nor what follows: the guard reports it in its words.
        const isLost = outcome !== undefined && outcome.kind !== 'complete';
        if (isLost || isHidden === true) this.#put(bytes.subarray(shownFrom, start));
        else if (outcome !== undefined) this.#put(bytes.subarray(shownFrom, end));
        if (isHidden === true) shownFrom = end;
      } else if (sdkBytes !== undefined) this.#put(sdkBytes);
      if (outcome !== undefined) return outcome;
      start = end;
      yield;
    }
    if (isPassedOn) this.#put(bytes.subarray(shownFrom));
    return undefined;
  }

  #put(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces.push({ bytes, contentBytes: this.#meter.take(), contentHasBegun: this.#meter.hasBegun });
  }

  /** Whether these events cannot mean anything to the guard. */
  #isSkipped(bytes: Buffer): boolean {
    if (this.#options.passThrough === undefined || bytes.length > answerLimits.parsedBytes) return false;
    if (this.#readBytes < answerLimits.readInFullBytes || !this.#meter.hasBegun) return false;
    return !this.#dialect.end.significant.test(bytes.toString('latin1'));
  }

  *#read(bytes: Buffer): Work<JudgedEvent> {
    this.#meter.read(bytes.length);
    const sent = yield* readEvent(bytes);
    const judged = sent === undefined ? saysNothing : yield* this.#judge(sent);
    this.#readBytes += bytes.length;
    this.#events += 1;
    if (this.#meter.hasBegun || judged.outcome !== undefined) return judged;
    if (this.#options.passThrough !== undefined || this.#events > repeats)
      this.#heldBackBytes += bytes.length;
    return this.#heldBackBytes > answerLimits.heldBackBytes ? { outcome: withoutContent } : judged;
  }

  *#judge(sent: ServerSentEvent): Work<JudgedEvent> {
    const { event, data } = sent;
    if (data.length > this.#eventBytes) return { outcome: eventTooLarge(this.#eventBytes) };
    const { end } = this.#dialect;
    // Parsing the end marker would throw, which would be the most expensive part of a short answer.
    if (data.length < longestMarker && data.toString('latin1').trim() === end.bareMarker)
      return { outcome: { kind: 'complete' }, sdkBytes: eventBytes(data) };
    const { json, leftOutBytes = 0, isTooMuch } = yield* this.#parse(data);
    if (isTooMuch === true) return { outcome: { kind: 'malformed', problem: tooManyValues } };
    const mark = isObject(json) ? end.mark(json) : undefined;
    // The last event may be the one that reports usage.
    this.#usage.read(json);
    if (event === 'error' || mark === 'failed' || (mark !== 'over' && hasError(json))) {
      // Never the data itself: it may be a part of the answer.
      return { outcome: { kind: 'errorEvent', message: present(messageIn(json), this.#options.sanitize) } };
    }
    const { passThrough } = this.#options;
    if (json === undefined) {
      if (isBlank(data) || (passThrough !== undefined && this.#readBytes > answerLimits.readInFullBytes))
        return saysNothing;
      return { outcome: { kind: 'malformed', problem: eventNotJson } };
    }
    this.#meter.event(json, leftOutBytes);
    const sdkBytes = passThrough === undefined ? this.#sdkBytesOf(json, data) : undefined;
    this.#hasFinished ||= mark === 'finished';
    return {
      ...(mark === 'over' ? { outcome: { kind: 'complete' } } : {}),
      ...(sdkBytes === undefined ? {} : { sdkBytes }),
      isHidden: this.#isHidden(json),
    };
  }

  /** The JSON of an event; absent if it is none. Of a large event what takes little memory. */
  *#parse(data: Buffer): Work<{ json?: unknown; leftOutBytes?: number; isTooMuch?: boolean }> {
    if (data.length <= answerLimits.parsedBytes) return { json: parseJson(data.toString()) };
    const outline = yield* outlineOf(data);
    if (outline === undefined) return {};
    if (this.#options.passThrough !== undefined)
      return { json: outline.value, leftOutBytes: outline.leftOutBytes };
    // The AI SDK parses it, too.
    const isTooMuch = outline.values > answerLimits.ownValues;
    return isTooMuch ? { isTooMuch } : { json: JSON.parse(data.toString()) as unknown };
  }

  /** Whether it is the event with usage alone that the client did not ask for. */
  #isHidden(json: unknown): boolean {
    if (this.#options.passThrough?.hidesUsage !== true) return false;
    return this.#dialect.passThrough?.usageOption?.isUsageAlone(json) === true;
  }

  #sdkBytesOf(json: unknown, data: Buffer): Buffer | undefined {
    if (!isObject(json)) return undefined;
    const { forSdk } = this.#dialect;
    const wanted = forSdk === undefined ? json : forSdk(json, this.#hasFinished);
    if (wanted === undefined) return undefined;
    return eventBytes(wanted === json ? data : Buffer.from(JSON.stringify(wanted)));
  }
}

const prefix = Buffer.from('data: ');
const suffix = Buffer.from('\n\n');
const lineFeed = 0x0a;
const space = 0x20;

/** An event with this data on one line. A line feed of JSON is a blank. */
function eventBytes(data: Buffer): Buffer {
  const bytes = Buffer.concat([prefix, data, suffix]);
  const end = prefix.length + data.length;
  for (let at = bytes.indexOf(lineFeed); at < end; at = bytes.indexOf(lineFeed, at)) bytes[at] = space;
  return bytes;
}

function isBlank(data: Buffer): boolean {
  return data.length <= answerLimits.parsedBytes && data.toString('latin1').trim() === '';
}
