import { watchFor } from '../../src/providers/stream/answer-form.ts';
import type { WatchOptions } from '../../src/providers/stream/answer-watch.ts';
import { english, type Wording } from '../../src/shared/l10n.ts';
import type { Work } from '../../src/shared/slices.ts';
import { sendingsOf, type Variant } from './answer-bytes.ts';
import type { CorpusAnswer, CorpusCase, Door } from './case-format.ts';
import { headersOf } from './upstream.ts';

/** Whether the reader of successes gets the answer's bytes as they are sent. */
export function isReadAsSent({ status, encoding }: CorpusAnswer): boolean {
  return status < 300 && encoding === undefined;
}

/** All that the reader of successes makes of an answer that arrives in the pieces of this variant, as a text. */
export function readAnswer(wanted: CorpusCase, answer: CorpusAnswer, door: Door, variant: Variant): string {
  const watch = watchFor(headersOf(answer)['content-type'], optionsOf(wanted, door));
  if ('kind' in watch) return textOf({ outcome: watch });
  const taken: Buffer[] = [];
  let outcome;
  let contentBytes = 0;
  const take = () => {
    for (const piece of watch.take()) {
      taken.push(piece.bytes);
      contentBytes += piece.contentBytes;
    }
  };
  for (const sending of sendingsOf(answer, variant)) {
    if (!Buffer.isBuffer(sending)) continue;
    outcome = resultOf(watch.push(sending));
    take();
    if (outcome !== undefined) break;
  }
  if (outcome === undefined && answer.end !== 'open') outcome = resultOf(watch.end(answer.end === 'reset'));
  take();
  const { usage, finish } = watch;
  return textOf({ outcome, usage, finish, contentBytes, bytes: Buffer.concat(taken).toString('latin1') });
}

function optionsOf({ dialect, request }: CorpusCase, door: Door): WatchOptions {
  const sanitize = (text: string) => text;
  if (door === 'prompt') return { dialect, sanitize, wants: 'stream' };
  const wants = request['stream'] === false ? 'whole' : 'stream';
  const hidesUsage = dialect === 'openai-chat' && request['stream_options'] === undefined;
  return { dialect, sanitize, wants, passThrough: { hidesUsage } };
}

function resultOf<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

function textOf(read: object): string {
  return JSON.stringify(read, (_, value: unknown) =>
    typeof value === 'function' ? (value as Wording)(english) : value,
  );
}
