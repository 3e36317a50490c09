import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Outcome } from '../guard/outcome.ts';
import type { AnswerWatch } from './answer-watch.ts';

export interface BodyListener {
  /** Something came. */
  readonly bytes: () => void;
  /** The answer is over. Told once, before the reader sees the end. */
  readonly over: (outcome: Outcome) => void;
  /** The reader does not want the rest. */
  readonly cancelled: () => void;
}

export interface AnswerBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Ends the stream with an error, at once. */
  fail(error: Error): void;
}

/** The body without its content coding; undefined for a coding that is not known. None is asked for, some servers
 * send one all the same. */
export function decoded(response: IncomingMessage): Readable | undefined {
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity' || coding === '') return response;
  const decoder = decoderOf(coding);
  // An error of either end destroys the other, and the reader of the decoder sees it.
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

/**
 * Hands the body on as it comes, under the eyes of `watch`, and no faster than it is read.
 *
 * A broken answer ends the stream as a good one does: an error would throw away what is still queued, and the user
 * has a right to it. Whoever reads asks the wire's verdict how it really ended.
 */
export function readBody(source: Readable, watch: AnswerWatch, listener: BodyListener): AnswerBody {
  let over = false;
  let failed: (error: Error) => void = () => undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const finish = (outcome: Outcome) => {
        if (over) return;
        over = true;
        listener.over(outcome);
        controller.close();
        // What still comes is nobody's, but the socket can be used again only once it is read.
        source.resume();
      };
      failed = (error) => {
        if (over) return;
        over = true;
        controller.error(error);
      };
      source.on('data', (chunk: Uint8Array) => {
        if (over) return;
        listener.bytes();
        const outcome = watch.push(chunk);
        controller.enqueue(chunk);
        if (outcome !== undefined) finish(outcome);
        else if ((controller.desiredSize ?? 0) <= 0) source.pause();
      });
      source.once('end', () => {
        finish(watch.end(false));
      });
      const broken = () => {
        if (!over) finish(watch.end(true));
      };
      source.once('error', broken);
      source.once('close', broken);
      source.pause();
    },
    pull: () => {
      source.resume();
    },
    cancel: () => {
      over = true;
      listener.cancelled();
    },
  });
  return {
    stream,
    fail: (error) => {
      failed(error);
    },
  };
}

/** As much of a body as comes, up to `maxBytes`. Never rejects: of a broken body what came is good enough. */
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
    // It is an error's body: the status says the most of it.
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, maxBytes));
}
