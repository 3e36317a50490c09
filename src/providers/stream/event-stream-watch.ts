import type { Outcome, Shown } from '../../guard/outcome.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import { isObject, parseJson } from '../../shared/json.ts';
import { outlineOf } from '../../shared/json-outline.ts';
import type { Wording } from '../../shared/l10n.ts';
import { answerLimits, mib } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';
import type { DialectDefinition, JsonEvent, SdkEvents } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import { finishOf } from '../dialects/finish-reason.ts';
import { isToldError } from '../transport/error-facts.ts';
import { toldFailure } from '../transport/http-failure.ts';
import { hasError } from '../transport/provider-message.ts';
import { withoutContent, type AnswerPiece, type AnswerWatch, type WatchOptions } from './answer-watch.ts';
import { ContentMeter } from './content-meter.ts';
import { EventSplitter, type EventRun } from './event-splitter.ts';
import { readEvent, readEventInSteps, type ServerSentEvent } from './sse.ts';
import { createUsageReader, type UsageReader } from './usage-reader.ts';

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
  readonly outcome?: Outcome | undefined;
  /** What the AI SDK gets. */
  readonly sdkBytes?: Buffer | undefined;
  /** The client did not ask for this event. */
  readonly isHidden?: boolean;
}

const saysNothing: JudgedEvent = {};
const complete: Outcome = { kind: 'complete' };

/** Of the answers of chat completions. */
const bareMarker = '[DONE]';
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
  readonly #sdkEvents: SdkEvents;
  finish: Shown['finish'];
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
    this.#sdkEvents = this.#dialect.sdkEvents();
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
    // A cut stream ends in the middle of an event, which does not parse.
    if (outcome !== undefined && outcome.kind !== 'malformed') return outcome;
    if (this.#hasFinished && !broken) return complete;
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
      const event = bytes.subarray(start, end);
      const isSmall = event.length <= answerLimits.parsedBytes;
      const { outcome, sdkBytes, isHidden } = isSmall
        ? this.#readSmall(event)
        : yield* this.#readLarge(event);
      if (isPassedOn) {
        // Pass on neither the error, which may contain secrets, nor what follows: the guard reports it in its words.
        const isLost = outcome !== undefined && outcome.kind !== 'complete';
        if (isLost || isHidden === true) this.#put(bytes.subarray(shownFrom, start));
        else if (outcome !== undefined) {
          this.#put(bytes.subarray(shownFrom, start));
          this.#put(bytes.subarray(start, end), true);
        }
        if (isHidden === true) shownFrom = end;
      } else if (sdkBytes !== undefined) this.#put(sdkBytes);
      if (outcome !== undefined) return outcome;
      start = end;
      yield;
    }
    if (isPassedOn) this.#put(bytes.subarray(shownFrom));
    return undefined;
  }

  #put(bytes: Buffer, isMarker = false): void {
    if (bytes.length === 0) return;
    this.#pieces.push({
      bytes,
      contentBytes: this.#meter.take(),
      contentHasBegun: this.#meter.hasBegun,
      ...(isMarker ? { isMarker } : {}),
    });
  }

  /** Whether these events cannot mean anything to the guard. */
  #isSkipped(bytes: Buffer): boolean {
    if (this.#options.passThrough === undefined || bytes.length > answerLimits.parsedBytes) return false;
    if (this.#readBytes < answerLimits.readInFullBytes || !this.#meter.hasBegun) return false;
    return !this.#dialect.end.significant.test(bytes.toString('latin1'));
  }

  #readSmall(bytes: Buffer): JudgedEvent {
    const sent = readEvent(bytes);
    if (sent === undefined) return this.#count(bytes, saysNothing);
    const judged = this.#judgeData(sent);
    return this.#count(bytes, judged);
  }

  #judgeData({ event, data }: ServerSentEvent): JudgedEvent {
    // Parsing the end marker would throw, which would be the most expensive part of a short answer.
    if (data.length < longestMarker && data.toString('latin1').trim() === bareMarker)
      return this.#judgeMarker(data);
    const json = parseJson(data.toString());
    const lines = json === undefined ? eventsOnLines(data) : undefined;
    return lines === undefined ? this.#judge({ event, data }, json, 0) : this.#judgeLines(lines);
  }

  /** Some servers put one line break between events, not two. */
  #judgeLines(lines: readonly Buffer[]): JudgedEvent {
    const sdkBytes: Buffer[] = [];
    for (const data of lines) {
      const judged = this.#judgeData({ event: undefined, data });
      if (judged.sdkBytes !== undefined) sdkBytes.push(judged.sdkBytes);
      if (judged.outcome !== undefined) return { ...judged, sdkBytes: Buffer.concat(sdkBytes) };
    }
    return { sdkBytes: Buffer.concat(sdkBytes) };
  }

  /** Some servers of other dialects send the marker, too. There it ends an answer that has said why it ended. */
  #judgeMarker(data: Buffer): JudgedEvent {
    if (this.#dialect.end.bareMarker === bareMarker) return { outcome: complete, sdkBytes: eventBytes(data) };
    return this.#hasFinished ? { outcome: complete } : saysNothing;
  }

  /** Reads a large event without its parse tree. */
  *#readLarge(bytes: Buffer): Work<JudgedEvent> {
    const sent = yield* readEventInSteps(bytes);
    if (sent === undefined) return this.#count(bytes, saysNothing);
    if (sent.data.length > this.#eventBytes) return { outcome: eventTooLarge(this.#eventBytes) };
    const outline = yield* outlineOf(sent.data);
    const isForSdk = this.#options.passThrough === undefined;
    if (isForSdk && outline !== undefined && outline.values > answerLimits.ownValues)
      return { outcome: { kind: 'malformed', problem: tooManyValues } };
    const judged = this.#count(bytes, this.#judge(sent, outline?.value, outline?.leftOutBytes ?? 0));
    const isPassedOn = judged.outcome === undefined || judged.outcome.kind === 'complete';
    if (!isForSdk || !isPassedOn || !isObject(outline?.value)) return judged;
    return { ...judged, sdkBytes: yield* this.#largeSdkBytes(sent.data) };
  }

  /** Each step takes long, and so does what the SDK does with the event. */
  *#largeSdkBytes(data: Buffer): Work<Buffer> {
    const text = data.toString();
    yield;
    const event = JSON.parse(text) as JsonEvent;
    yield;
    const bytes = this.#sdkBytesOf(event, data);
    yield;
    return bytes;
  }

  /** Counts what was read, and ends a stream that has no content for too long. */
  #count(bytes: Buffer, judged: JudgedEvent): JudgedEvent {
    this.#meter.read(bytes.length);
    this.#readBytes += bytes.length;
    this.#events += 1;
    if (this.#meter.hasBegun || judged.outcome !== undefined) return judged;
    if (this.#options.passThrough !== undefined || this.#events > repeats)
      this.#heldBackBytes += bytes.length;
    return this.#heldBackBytes > answerLimits.heldBackBytes ? { outcome: withoutContent } : judged;
  }

  /** `json`: the data, undefined if it is no JSON. `leftOutBytes`: see `JsonOutline`. */
  #judge({ event, data }: ServerSentEvent, json: unknown, leftOutBytes: number): JudgedEvent {
    const mark = isObject(json) ? this.#dialect.end.mark(json) : undefined;
    // The last event may be the one that reports usage.
    this.#usage.read(json);
    const isError =
      event === 'error' ||
      mark === 'failed' ||
      (mark === undefined && isToldError(json, this.#dialect.answerMembers));
    // Never the data itself: it may be a part of the answer.
    if (isError || (mark !== 'over' && hasError(json)))
      return { outcome: toldFailure(json, this.#options.sanitize) };
    const { passThrough } = this.#options;
    if (json === undefined) {
      if (isWord(data) || (passThrough !== undefined && this.#readBytes > answerLimits.readInFullBytes))
        return saysNothing;
      return { outcome: { kind: 'malformed', problem: eventNotJson } };
    }
    this.#meter.event(json, leftOutBytes);
    // Of a large event `json` is the outline alone.
    const isWhole = data.length <= answerLimits.parsedBytes;
    const sdkBytes =
      passThrough === undefined && isWhole && isObject(json) ? this.#sdkBytesOf(json, data) : undefined;
    this.#hasFinished ||= mark === 'finished';
    if (mark !== undefined) this.finish = finishOf(this.#dialect, json) ?? this.finish;
    const outcome = mark === 'over' ? complete : undefined;
    return { outcome, sdkBytes, isHidden: this.#isHidden(json) };
  }

  /** Whether it is the event with usage alone that the client did not ask for. */
  #isHidden(json: unknown): boolean {
    if (this.#options.passThrough?.hidesUsage !== true) return false;
    return this.#dialect.passThrough?.usageOption?.isUsageAlone(json) === true;
  }

  #sdkBytesOf(event: JsonEvent, data: Buffer): Buffer {
    const events = this.#sdkEvents(event);
    if (events.length === 1 && events[0] === event) return eventBytes(data);
    return Buffer.concat(events.map((each) => eventBytes(Buffer.from(JSON.stringify(each)))));
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

/** The lines, if each of them is an event of its own. */
function eventsOnLines(data: Buffer): Buffer[] | undefined {
  const lines = data.includes(lineFeed) ? data.toString().split('\n') : [];
  const isEvent = (line: string) => line.trim() === bareMarker || isObject(parseJson(line));
  return lines.length > 1 && lines.every(isEvent) ? lines.map((line) => Buffer.from(line)) : undefined;
}

/** Words that keep a connection open, such as `ping`, and blanks. */
function isWord(data: Buffer): boolean {
  return data.length <= answerLimits.wordChars && /^[\w\s.:-]*$/.test(data.toString());
}
