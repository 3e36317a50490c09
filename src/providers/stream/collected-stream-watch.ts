import type { Outcome } from '../../guard/outcome.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import { ByteCollector } from '../../shared/byte-collector.ts';
import { answerLimits } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';
import type { JsonEvent } from '../dialects/dialect.ts';
import type { WholeForm } from '../dialects/whole-forms.ts';
import type { AnswerPiece, AnswerWatch, WatchOptions } from './answer-watch.ts';
import { EventStreamWatch } from './event-stream-watch.ts';
import { tooLarge } from './json-watch.ts';

/** A stream that a server sends although the client asked for an answer in one piece: it gets one. */
export class CollectedStreamWatch implements AnswerWatch {
  readonly #stream: EventStreamWatch;
  readonly #join: WholeForm['join'];
  readonly #bytes = new ByteCollector();
  #piece: AnswerPiece | undefined;

  constructor(options: WatchOptions, join: WholeForm['join']) {
    // The events in the one form that they have for our own prompts.
    this.#stream = new EventStreamWatch({ ...options, wants: 'stream', passThrough: undefined });
    this.#join = join;
  }

  get usage(): ReportedUsage | undefined {
    return this.#stream.usage;
  }

  get finish(): AnswerWatch['finish'] {
    return this.#stream.finish;
  }

  *push(bytes: Uint8Array): Work<Outcome | undefined> {
    const outcome = yield* this.#stream.push(bytes);
    return this.#collect(outcome) ?? outcome;
  }

  *end(broken: boolean): Work<Outcome> {
    const outcome = yield* this.#stream.end(broken);
    return this.#collect(outcome) ?? outcome;
  }

  take(): AnswerPiece[] {
    const pieces = this.#piece === undefined ? [] : [this.#piece];
    this.#piece = undefined;
    return pieces;
  }

  #collect(outcome: Outcome | undefined): Outcome | undefined {
    let contentHasBegun = false;
    for (const piece of this.#stream.take()) {
      this.#bytes.add(piece.bytes);
      contentHasBegun = piece.contentHasBegun;
    }
    if (this.#bytes.length > answerLimits.ownBytes) {
      this.#bytes.clear();
      return tooLarge(answerLimits.ownBytes);
    }
    if (outcome?.kind !== 'complete') return undefined;
    const events = this.#bytes.take().toString().split('\n\n').flatMap(jsonOf);
    const bytes = Buffer.from(JSON.stringify(this.#join(events)));
    this.#piece = { bytes, contentBytes: bytes.length, contentHasBegun };
    return undefined;
  }
}

/** Each event is a line of its own, and the marker of the end is no JSON. */
function jsonOf(event: string): JsonEvent[] {
  const data = event.replace(/^data: /, '');
  return data.startsWith('{') ? [JSON.parse(data) as JsonEvent] : [];
}
