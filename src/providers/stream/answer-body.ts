import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Outcome } from '../../guard/outcome.ts';
import type { AnswerWatch } from './answer-watch.ts';
import type { BodyReader } from './web-stream.ts';

export interface BodyListener {
  /** Bytes arrived. */
  readonly bytes: () => void;
  /** The answer is over. Called once, before the reader sees the end. */
  readonly over: (outcome: Outcome) => void;
  /** The reader does not want the rest. */
  readonly cancelled: () => void;
}

export interface AnswerBody extends BodyReader {
  /** Ends the body with an error at once: `read` rejects with it. */
  fail(error: Error): void;
}

/**
 * The body without its content coding; undefined for an unknown coding. Requests ask for none, but some servers send
 * one.
 */
export function decoded(response: IncomingMessage): Readable | undefined {
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity' || coding === '') return response;
  const decoder = decoderOf(coding);
  // An error at either end destroys the other end, and the reader of the decoder sees it.
  return decoder === undefined ? undefined : pipeline(response, decoder, () => undefined);
}

function decoderOf(coding: string) {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** How much may wait for the reader before the socket is paused. */
const maxQueuedBytes = 64 * 1024;

/**
 * Passes on the body as it arrives and shows it to `watch`. Reads no faster than its reader.
 *
 * A broken answer ends the body without an error, because an error would discard what is still queued and the user
 * should see that. The wire's report says how the answer really ended.
 */
export function readBody(source: Readable, watch: AnswerWatch, listener: BodyListener): AnswerBody {
  let queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let over = false;
  let failure: Error | undefined;
  let waiting: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  const wake = (chunk?: Uint8Array) => {
    waiting?.resolve(chunk);
    waiting = undefined;
  };
  const finish = (outcome: Outcome) => {
    if (over) return;
    over = true;
    listener.over(outcome);
    wake();
    // Discard the rest: the socket can be used again only after all of it was read.
    source.resume();
  };
  const broken = () => {
    if (!over) finish(watch.end(true));
  };
  source.on('data', (chunk: Uint8Array) => {
    if (over) return;
    listener.bytes();
    const outcome = watch.push(chunk);
    if (waiting === undefined) {
      queue.push(chunk);
      queuedBytes += chunk.length;
    } else wake(chunk);
    if (outcome !== undefined) finish(outcome);
    else if (queuedBytes >= maxQueuedBytes) source.pause();
  });
  source.once('end', () => {
    if (!over) finish(watch.end(false));
  });
  source.once('error', broken);
  source.once('close', broken);
  return {
    read: () => {
      if (failure !== undefined) return Promise.reject(failure);
      const next = queue.shift();
      if (next !== undefined) {
        queuedBytes -= next.length;
        if (queue.length === 0) source.resume();
        return Promise.resolve(next);
      }
      if (over) return Promise.resolve(undefined);
      waiting = Promise.withResolvers();
      return waiting.promise;
    },
    cancel: () => {
      over = true;
      listener.cancelled();
    },
    fail: (error) => {
      if (over) return;
      over = true;
      failure = error;
      queue = [];
      waiting?.reject(error);
    },
  };
}

/** As much of a body as arrives, up to `maxBytes`. Never rejects: the beginning of a broken body is good enough. */
export async function readText(source: Readable, maxBytes: number, bytes: () => void): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      bytes();
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maxBytes) break;
    }
  } catch {
    // This is the body of an error, whose status says the most.
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, maxBytes));
}
