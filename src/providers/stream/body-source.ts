import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { ByteCollector } from '../../shared/byte-collector.ts';
import { answerLimits } from '../../shared/limits.ts';
import { endLongTurn, gateOf, type SocketGate } from './socket-gate.ts';

/** The body of an answer without its content coding. */
export interface BodySource {
  readonly bytes: Readable;
  /** Stops reading from the socket. A few more bytes may come. */
  pause(): void;
  resume(): void;
}

/** No coding, and what some servers write in its place. */
const plainCodings: ReadonlySet<string> = new Set([
  ...['identity', '', 'none', 'utf-8', 'utf8', '8bit', 'binary'],
]);

/** Undefined for an unknown coding. Requests ask for none, but some servers send one. */
export function sourceOf(response: IncomingMessage): BodySource | undefined {
  const gate = gateOf(response.socket);
  // The socket goes back to its agent.
  const release = () => {
    gate.release('message');
  };
  response.on('data', endLongTurn).once('resume', release).once('end', release).once('close', release);
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (plainCodings.has(coding)) {
    return {
      bytes: response,
      pause: () => {
        if (!response.readableEnded) gate.hold('message');
      },
      resume: release,
    };
  }
  const decoder = decoderOf(coding);
  if (decoder === undefined) return undefined;
  decode(response, decoder, gate);
  return {
    bytes: decoder,
    pause: () => {
      decoder.pause();
    },
    resume: () => {
      decoder.resume();
    },
  };
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
    case 'zstd':
      return createZstdDecompress({
        params: { [constants.ZSTD_d_windowLogMax]: answerLimits.zstdWindowLog },
      });
    default:
      return undefined;
  }
}

/** Gives the decoder what has come in since it took the last piece. Each piece takes it a turn, even one of a byte. */
function decode(response: IncomingMessage, decoder: Transform, gate: SocketGate): void {
  const waiting = new ByteCollector();
  let isDecoding = false;
  let hasEnded = false;
  const go = () => {
    if (isDecoding || decoder.destroyed) return;
    if (waiting.length === 0) {
      if (hasEnded) decoder.end();
      return;
    }
    isDecoding = true;
    decoder.write(waiting.take(), () => {
      isDecoding = false;
      gate.release('message');
      go();
    });
  };
  response
    .on('data', (chunk: Uint8Array) => {
      waiting.add(chunk);
      if (waiting.length >= answerLimits.queuedBytes) gate.hold('message');
      go();
    })
    .once('end', () => {
      hasEnded = true;
      go();
    })
    // The reader of the decoder sees the error.
    .once('error', (error) => decoder.destroy(error))
    .once('close', () => {
      if (!hasEnded) decoder.destroy();
    });
  decoder
    // An answer that is refused by its head has no reader, and its error must not end the process.
    .on('error', () => undefined)
    .once('close', () => {
      if (!hasEnded) response.destroy();
    });
}

/** As much of a body as arrives, up to `maxBytes`. Never rejects: the beginning of a broken body is good enough. */
export function readText({ bytes }: BodySource, maxBytes: number, arrived: () => void): Promise<string> {
  const body = new ByteCollector();
  return new Promise((resolve) => {
    const finish = () => {
      bytes.off('data', take);
      resolve(new TextDecoder().decode(body.take().subarray(0, maxBytes)));
    };
    const take = (chunk: Uint8Array) => {
      arrived();
      body.add(chunk);
      if (body.length < maxBytes) return;
      finish();
      bytes.destroy();
    };
    // This is the body of an error, whose status says the most.
    bytes.on('data', take).once('end', finish).once('error', finish).once('close', finish);
  });
}
