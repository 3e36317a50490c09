import { estimateFileTokens, fileKindOf, tokensOfBytes } from '../../guard/estimate.ts';
import { PageCounter, wavSeconds } from '../../shared/file-length.ts';
import { fileLimits } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';
import type { FileData } from './request-files.ts';

/** `data:application/pdf;base64,`, or `data:application/pdf,` without base64. */
const dataUrl = /^data:([^;,]{0,100})[^,]{0,200},/;

/** Input tokens of the files. Reads PDF files for their pages, in steps, and the beginning of audio for its length. */
export function* tokensOfFiles(body: Buffer, files: readonly FileData[]): Work<number> {
  let tokens = 0;
  for (const file of files) tokens += yield* tokensOfFile(body, file);
  return tokens;
}

function* tokensOfFile(body: Buffer, { start, end, mediaType: named }: FileData): Work<number> {
  const prefix = dataUrl.exec(body.toString('latin1', start, Math.min(end, start + fileLimits.prefixChars)));
  const mediaType = prefix?.[1] ?? named ?? 'application/pdf';
  const kind = fileKindOf(mediaType);
  const dataStart = start + (prefix?.[0].length ?? 0);
  const bytes = Math.ceil(((end - dataStart) * 3) / 4);
  if (kind === 'text') return Math.ceil(tokensOfBytes(bytes));
  if (kind === 'audio') {
    const head = decode(body, dataStart, Math.min(end, dataStart + 64));
    return estimateFileTokens(kind, { bytes, seconds: wavSeconds(head, bytes) });
  }
  if (kind !== 'pdf') return estimateFileTokens(kind, { bytes });
  const counter = new PageCounter();
  for (let at = dataStart; at < end; at += fileLimits.stepChars) {
    counter.push(decode(body, at, Math.min(end, at + fileLimits.stepChars)));
    yield;
  }
  return estimateFileTokens(kind, { bytes, pages: counter.end() });
}

function decode(body: Buffer, start: number, end: number): Buffer {
  return Buffer.from(body.toString('latin1', start, end), 'base64');
}
