import type { Outcome } from '../../guard/outcome.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import type { Wording } from '../../shared/l10n.ts';
import { answerLimits } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';
import {
  notApi,
  withoutContent,
  type AnswerPiece,
  type AnswerWatch,
  type WatchOptions,
} from './answer-watch.ts';
import { wholeForms, type WholeForm } from '../dialects/whole-forms.ts';
import { CollectedStreamWatch } from './collected-stream-watch.ts';
import { EventStreamWatch } from './event-stream-watch.ts';
import { JsonWatch } from './json-watch.ts';
import { beginsMark, withoutMark } from './sse.ts';

const isStream: Wording = (l10n) => l10n.t('it is a stream');

/**
 * Judges by the `content-type` of a success where it is clear: an event stream for a request that asked for none, and
 * an HTML page, which comes from a proxy or a portal. Otherwise the type is a hint, and the first bytes decide.
 */
export function watchFor(contentType: string | undefined, options: WatchOptions): AnswerWatch | Outcome {
  const type = contentType ?? '';
  if (/html/i.test(type)) return notApi;
  if (/^\s*text\/event-stream\b/i.test(type) && options.wants === 'whole' && joinOf(options) === undefined)
    return { kind: 'malformed', problem: isStream };
  return new AnyWatch(/\bjson\b/i.test(type), options);
}

/** What makes an answer in one piece of a stream that a client did not ask for; undefined if nothing does. */
function joinOf({ wants, passThrough, dialect }: WatchOptions): WholeForm['join'] | undefined {
  const isOrdinary = passThrough !== undefined && passThrough.answerMembers === undefined;
  return wants === 'whole' && isOrdinary ? wholeForms[dialect].join : undefined;
}

const blanks: ReadonlySet<number> = new Set(Buffer.from(' \t\r\n'));
const jsonStarts: ReadonlySet<number> = new Set(Buffer.from('{['));
/** Of the names of an event's fields, and the colon of a comment. */
const fieldStarts: ReadonlySet<number> = new Set(Buffer.from('deir:'));

/** An answer whose form shows with its first bytes. Some servers stream as text/plain, or send JSON without a type. */
class AnyWatch implements AnswerWatch {
  readonly #options: WatchOptions;
  readonly #saysJson: boolean;
  #found: AnswerWatch | undefined;
  #blankBytes = 0;
  /** The first bytes, while they may be the beginning of a byte order mark. */
  #start = Buffer.alloc(0);

  constructor(saysJson: boolean, options: WatchOptions) {
    this.#saysJson = saysJson;
    this.#options = options;
  }

  get usage(): ReportedUsage | undefined {
    return this.#found?.usage;
  }

  get finish(): AnswerWatch['finish'] {
    return this.#found?.finish;
  }

  *push(bytes: Uint8Array): Work<Outcome | undefined> {
    if (this.#found !== undefined) return yield* this.#found.push(bytes);
    if (this.#blankBytes > 0) return yield* this.#begin(bytes);
    this.#start = Buffer.concat([this.#start, bytes]);
    return beginsMark(this.#start) ? undefined : yield* this.#begin(withoutMark(this.#start));
  }

  *#begin(text: Uint8Array): Work<Outcome | undefined> {
    // Some servers send blanks while a model thinks. They say nothing in either form.
    const at = text.findIndex((byte) => !blanks.has(byte));
    if (at < 0) {
      this.#blankBytes += text.length;
      return this.#blankBytes > answerLimits.heldBackBytes ? withoutContent : undefined;
    }
    const first = text[at] ?? 0;
    const isJson = jsonStarts.has(first) || (this.#saysJson && !fieldStarts.has(first));
    const join = joinOf(this.#options);
    if (!isJson && this.#options.wants === 'whole' && join === undefined)
      return { kind: 'malformed', problem: isStream };
    if (isJson) this.#found = new JsonWatch(this.#options);
    else if (join === undefined) this.#found = new EventStreamWatch(this.#options);
    else this.#found = new CollectedStreamWatch(this.#options, join);
    return yield* this.#found.push(text.subarray(at));
  }

  *end(broken: boolean): Work<Outcome> {
    this.#found ??= this.#saysJson ? new JsonWatch(this.#options) : new EventStreamWatch(this.#options);
    return yield* this.#found.end(broken);
  }

  take(): AnswerPiece[] {
    return this.#found?.take() ?? [];
  }
}
