import type { Outcome, Shown } from '../../guard/outcome.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import { ByteCollector } from '../../shared/byte-collector.ts';
import { isObject, parseJson } from '../../shared/json.ts';
import { outlineOf } from '../../shared/json-outline.ts';
import type { Wording } from '../../shared/l10n.ts';
import { answerLimits } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';
import { dialects } from '../dialects/dialects.ts';
import { finishOf } from '../dialects/finish-reason.ts';
import { isToldError } from '../transport/error-facts.ts';
import { toldFailure } from '../transport/http-failure.ts';
import { hasError } from '../transport/provider-message.ts';
import type { AnswerPiece, AnswerWatch, WatchOptions } from './answer-watch.ts';
import { createUsageReader, type UsageReader } from './usage-reader.ts';

const mib = 1024 * 1024;

const broke: Wording = (l10n) => l10n.t('the connection was lost');
const notJson: Wording = (l10n) => l10n.t('it is not JSON');
const noAnswer: Wording = (l10n) => l10n.t('it has neither an answer nor an error');
const isNoStream: Wording = (l10n) => l10n.t('it is not a stream');

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
    return {
      kind: 'malformed',
      problem: (l10n) => l10n.t('it is larger than {0} MiB', this.#mostBytes / mib),
    };
  }

  *end(broken: boolean): Work<Outcome> {
    const bytes = this.#bytes.take();
    const json =
      bytes.length <= answerLimits.parsedBytes
        ? parseJson(bytes.toString())
        : (yield* outlineOf(bytes))?.value;
    if (json === undefined)
      return broken ? { kind: 'cut', problem: broke } : { kind: 'malformed', problem: notJson };
    this.#usage.read(json);
    this.finish = finishOf(dialects[this.#options.dialect], json);
    const { passThrough } = this.#options;
    const plainMembers = passThrough?.answerMembers;
    const answerMembers = plainMembers ?? dialects[this.#options.dialect].answerMembers;
    if (hasError(json) || isToldError(json, answerMembers)) return toldFailure(json, this.#options.sanitize);
    const isAnswer = isObject(json) && answerMembers.some((name) => json[name] !== undefined);
    // A list of models is none of the dialect's answers.
    if (passThrough !== undefined && !isAnswer) return { kind: 'malformed', problem: noAnswer };
    if (this.#options.wants === 'stream') return { kind: 'malformed', problem: isNoStream };
    // A list of models has no content either. Of a large answer nobody asks.
    const { contentBytes } = dialects[this.#options.dialect];
    const hasContent =
      plainMembers !== undefined || bytes.length > answerLimits.parsedBytes || contentBytes(json) > 0;
    const outputBytes = plainMembers === undefined ? bytes.length : 0;
    this.#pieces.push({ bytes, contentBytes: outputBytes, contentHasBegun: hasContent });
    return { kind: 'complete' };
  }
}
