import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { CorpusAnswer } from './case-format.ts';

/** How an answer's bytes are written and sent. */
export interface Variant {
  readonly lineBreak: '\n' | '\r' | '\r\n';
  /** `pieces`: as the case has them. `bytes`: each byte by itself. A number: cut once, after so many bytes. */
  readonly cut: 'pieces' | 'bytes' | number;
}

export const plain: Variant = { lineBreak: '\n', cut: 'pieces' };

/** Bytes to send, or a silence in milliseconds. */
export type Sending = Buffer | { readonly pauseMs: number };

const compress = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync };

/** The body of an answer, in the pieces in which the server sends it. */
export function sendingsOf(answer: CorpusAnswer, { lineBreak, cut }: Variant): Sending[] {
  const steps = piecesOf(answer, lineBreak);
  if (answer.encoding !== undefined) {
    const whole = Buffer.concat(steps.filter((step) => Buffer.isBuffer(step)));
    return cutUp(compress[answer.encoding](whole), cut, 0);
  }
  let sent = 0;
  return steps.flatMap((step): Sending[] => {
    if (!Buffer.isBuffer(step)) return [step];
    const pieces = cutUp(step, cut, sent);
    sent += step.length;
    return pieces;
  });
}

/** All bytes of the body, before any encoding. */
export function bodyOf(answer: CorpusAnswer): Buffer {
  return Buffer.concat(piecesOf(answer, '\n').filter((step) => Buffer.isBuffer(step)));
}

function piecesOf({ json, body }: CorpusAnswer, lineBreak: string): Sending[] {
  if (body === undefined) return json === undefined ? [] : [Buffer.from(JSON.stringify(json))];
  return body.map((step) => {
    if (typeof step === 'string') return Buffer.from(step.replaceAll('\n', lineBreak));
    if ('pauseSeconds' in step) return { pauseMs: step.pauseSeconds * 1_000 };
    const text = typeof step.data === 'string' ? step.data : JSON.stringify(step.data);
    const event = step.event === undefined ? '' : `event: ${step.event}\n`;
    return Buffer.from(`${event}data: ${text}\n\n`.replaceAll('\n', lineBreak));
  });
}

function cutUp(bytes: Buffer, cut: Variant['cut'], before: number): Buffer[] {
  if (cut === 'pieces') return [bytes];
  if (cut === 'bytes') return [...bytes].map((_, at) => bytes.subarray(at, at + 1));
  const at = cut - before;
  return at > 0 && at < bytes.length ? [bytes.subarray(0, at), bytes.subarray(at)] : [bytes];
}
