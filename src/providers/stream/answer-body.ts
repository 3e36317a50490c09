import type { Outcome } from '../../guard/outcome.ts';
import { ByteCollector } from '../../shared/byte-collector.ts';
import { answerLimits, sliceLimits } from '../../shared/limits.ts';
import { isTurnLong, nextTurn, runFor, type Work } from '../../shared/slices.ts';
import type { AnswerPiece, AnswerWatch } from './answer-watch.ts';
import type { BodySource } from './body-source.ts';

export interface BodyListener {
  /** Bytes arrived. */
  readonly bytes: () => void;
  /** The answer is over. Called once, before the reader sees the end. */
  readonly over: (outcome: Outcome) => void;
  /** The answer cannot be read because of a bug. Called instead of `over`. */
  readonly failed: (error: unknown) => void;
  /** The reader does not want the rest. */
  readonly cancelled: () => void;
}

/** The body of an answer, as its one reader sees it. */
export interface AnswerBody {
  /** The next piece, once it was checked; undefined at the end. Must not be called again before it resolves. */
  read(): Promise<AnswerPiece | undefined>;
  /** The reader does not want the rest. */
  cancel(): void;
  /** Ends the body with an error at once: `read` rejects with it. */
  fail(error: Error): void;
}

/**
 * Shows the body to `watch` as it arrives, in slices, and passes on what the watch puts out. Reads no faster than its
 * reader.
 *
 * A broken answer ends the body without an error, because an error would discard what is still queued and the user
 * should see that. The wire's report says how the answer really ended.
 */
export function readBody(source: BodySource, watch: AnswerWatch, listener: BodyListener): AnswerBody {
  const incoming = new ByteCollector();
  let queue: AnswerPiece[] = [];
  let queuedBytes = 0;
  let work: Work<Outcome | undefined> | undefined;
  let isWaiting = false;
  let ended: 'whole' | 'broken' | undefined;
  let over = false;
  let failure: Error | undefined;
  let waiting: PromiseWithResolvers<AnswerPiece | undefined> | undefined;

  const wake = () => {
    const next = queue.shift();
    if (next === undefined && !over) return;
    queuedBytes -= next?.bytes.length ?? 0;
    waiting?.resolve(next);
    waiting = undefined;
  };
  const stop = () => {
    over = true;
    incoming.clear();
  };
  const finish = (outcome: Outcome) => {
    stop();
    listener.over(outcome);
    if (waiting !== undefined) wake();
    // Discard the rest: the socket can be used again only after all of it was read.
    source.resume();
  };
  const nextWork = (): Work<Outcome | undefined> | undefined => {
    if (incoming.length > 0) {
      listener.bytes();
      return watch.push(incoming.take());
    }
    return ended === undefined ? undefined : watch.end(ended === 'broken');
  };
  const advance = () => {
    isWaiting = false;
    if (over) return;
    const isLate = isTurnLong();
    work ??= isLate ? undefined : nextWork();
    const step = isLate || work === undefined ? undefined : runFor(work, sliceLimits.ms);
    if (step?.done === true) work = undefined;
    for (const piece of watch.take()) {
      queue.push(piece);
      queuedBytes += piece.bytes.length;
    }
    if (waiting !== undefined) wake();
    if (step?.done === true && step.value !== undefined) finish(step.value);
    else if (
      work !== undefined ||
      incoming.length > 0 ||
      (ended !== undefined && (isLate || step !== undefined))
    )
      advanceLater();
    else if (queuedBytes < answerLimits.queuedBytes) source.resume();
    else source.pause();
  };
  const advanceLater = () => {
    source.pause();
    isWaiting = true;
    void nextTurn().then(tryAdvance);
  };
  const tryAdvance = () => {
    try {
      advance();
    } catch (error) {
      stop();
      listener.failed(error);
      wake();
    }
  };
  /** After all that was read from the socket at once, which may be a chunk for each byte. */
  const advanceSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    queueMicrotask(tryAdvance);
  };
  const end = (how: 'whole' | 'broken') => {
    if (over || ended !== undefined) return;
    ended = how;
    advanceSoon();
  };
  const { bytes } = source;
  bytes.on('data', (chunk: Uint8Array) => {
    if (over) return;
    incoming.add(chunk);
    if (incoming.length >= answerLimits.queuedBytes) source.pause();
    advanceSoon();
  });
  bytes.once('end', () => {
    end('whole');
  });
  bytes.once('error', () => {
    end('broken');
  });
  bytes.once('close', () => {
    end('broken');
  });
  return {
    read: () => {
      if (failure !== undefined) return Promise.reject(failure);
      waiting = Promise.withResolvers();
      const { promise } = waiting;
      wake();
      if (queue.length === 0 && !over && !isWaiting) source.resume();
      return promise;
    },
    cancel: () => {
      stop();
      listener.cancelled();
    },
    fail: (error) => {
      if (over) return;
      stop();
      failure = error;
      queue = [];
      waiting?.reject(error);
    },
  };
}
