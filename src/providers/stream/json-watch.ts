import type { Outcome, Shown } from '../../guard/outcome.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import { ByteCollector } from '../../shared/byte-collector.ts';
import { isObject, parseJson } from '../../shared/json.ts';
import { outlineOf } from '../../shared/json-outline.ts';
import type { Wording } from '../../shared/l10n.ts';
import { answerLimits, mib } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';
import type { JsonEvent } from '../dialects/dialect.ts';
import { wholeForms } from '../dialects/whole-forms.ts';
import { dialects } from '../dialects/dialects.ts';
import { finishOf } from '../dialects/finish-reason.ts';
import { isToldError } from '../transport/error-facts.ts';
import { toldFailure } from '../transport/http-failure.ts';
import { hasError } from '../transport/provider-message.ts';
import type { AnswerPiece, AnswerWatch, WatchOptions } from './answer-watch.ts';
import { createUsageReader, type UsageReader } from './usage-reader.ts';

/** With blanks around it. */
const markerBytes = 32;

const broke: Wording = (l10n) => l10n.t('the connection was lost');
const notJson: Wording = (l10n) => l10n.t('it is not JSON');
const noAnswer: Wording = (l10n) => l10n.t('it has neither an answer nor an error');
const isNoStream: Wording = (l10n) => l10n.t('it is not a stream');

export function tooLarge(bytes: number): Outcome {
  return { kind: 'malformed', problem: (l10n) => l10n.t('it is larger than {0} MiB', bytes / mib) };
}

/** One JSON text, which is complete when it is read to its end. Its reader gets it as a whole, or nothing. */
export class JsonWatch implements AnswerWatch {
  readonly #options: WatchOptions;
  readonly #usage: UsageReader;
  readonly #bytes = new ByteCollector();
  readonly #mostBytes: number;
  finish: Shown['finish'];
  #pieces: AnswerPiece[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#usage = createUsageReader(options.dialect);
    const isForClient = options.passThrough !== undefined && options.wants === 'whole';
    this.#mostBytes = isForClient ? answerLimits.collectedBytes : answerLimits.ownBytes;
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
    this.#bytes.add(bytes);
    yield;
    if (this.#bytes.length <= this.#mostBytes) return undefined;
    this.#bytes.clear();
    return tooLarge(this.#mostBytes);
  }

  *end(broken: boolean): Work<Outcome> {
    const bytes = withoutMarker(this.#bytes.take());
    const isLarge = bytes.length > answerLimits.parsedBytes;
    const json = isLarge ? (yield* outlineOf(bytes))?.value : parseJson(bytes.toString());
    if (json === undefined)
      return broken ? { kind: 'cut', problem: broke } : { kind: 'malformed', problem: notJson };
    this.#usage.read(json);
    this.finish = finishOf(dialects[this.#options.dialect], json);
    const { passThrough, sanitize, wants } = this.#options;
    const plainMembers = passThrough?.answerMembers;
    const { answerMembers, contentBytes, end } = dialects[this.#options.dialect];
    const members = plainMembers ?? answerMembers;
    // Google answers with a list where a stream was asked for.
    const answers: readonly unknown[] = Array.isArray(json) ? json : [json];
    const failed = answers.find(
      (each) =>
        hasError(each) || isToldError(each, members) || (isObject(each) && end.mark(each) === 'failed'),
    );
    if (failed !== undefined) return toldFailure(failed, sanitize);
    const isAnswer = answers.some(
      (each) => isObject(each) && members.some((name) => each[name] !== undefined && each[name] !== null),
    );
    // A list of models is none of the dialect's answers.
    if (passThrough !== undefined && !isAnswer) return { kind: 'malformed', problem: noAnswer };
    if (wants === 'stream')
      return this.#streamOf(isLarge ? JSON.parse(bytes.toString()) : json)
        ? { kind: 'complete' }
        : { kind: 'malformed', problem: isNoStream };
    // A list of models has no content either. Of a large answer nobody asks.
    const hasContent = plainMembers !== undefined || isLarge || contentBytes(json) > 0;
    const outputBytes = plainMembers === undefined ? bytes.length : 0;
    this.#pieces.push({ bytes, contentBytes: outputBytes, contentHasBegun: hasContent });
    return { kind: 'complete' };
  }

  /** Some servers ignore that a stream was asked for. The answer was made and paid for, so it becomes one. */
  #streamOf(json: unknown): boolean {
    const { sdkEvents, contentBytes, passThrough: format, end } = dialects[this.#options.dialect];
    const { passThrough } = this.#options;
    const events = wholeForms[this.#options.dialect].eventsOf(json) ?? [];
    for (const event of events) {
      this.#usage.read(event);
      this.finish = finishOf(dialects[this.#options.dialect], event) ?? this.finish;
    }
    const content = events.reduce((sum, event) => sum + contentBytes(event), 0);
    const contentHasBegun = content > 0;
    if (!contentHasBegun && !events.some((event) => end.mark(event) !== undefined)) return false;
    const isHidden = (event: JsonEvent) =>
      passThrough?.hidesUsage === true && format?.usageOption?.isUsageAlone(event) === true;
    const shown =
      passThrough === undefined ? events.flatMap(sdkEvents()) : events.filter((event) => !isHidden(event));
    const texts = shown.map(eventText);
    const marker = end.bareMarker === undefined ? (texts.pop() ?? '') : `data: ${end.bareMarker}\n\n`;
    const bytes = Buffer.from(texts.join(''));
    this.#pieces.push({ bytes, contentBytes: content, contentHasBegun });
    this.#pieces.push({ bytes: Buffer.from(marker), contentBytes: 0, contentHasBegun, isMarker: true });
    return true;
  }
}

function eventText(event: JsonEvent): string {
  const { type } = event;
  const name = typeof type === 'string' ? `event: ${type}\n` : '';
  return `${name}data: ${JSON.stringify(event)}\n\n`;
}

const markerAtEnd = /data:\s?\[DONE\]\s*$/;

/** Some servers put the end marker of a stream behind an answer in one piece. */
function withoutMarker(bytes: Buffer): Buffer {
  const tail = bytes.subarray(-markerBytes).toString('latin1');
  const found = markerAtEnd.exec(tail);
  return found === null ? bytes : bytes.subarray(0, bytes.length - tail.length + found.index);
}
