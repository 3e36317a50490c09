import { fileLimits } from './limits.ts';
/** Counts the pages of a PDF whose bytes come in pieces. Pages in compressed parts are not seen. */
export class PageCounter {
  #pages = 0;
  /** Of the page tree: the largest count of a node is that of its root. */
  #counted = 0;
  #rest = '';

  push(bytes: Uint8Array): void {
    const text =
      this.#rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    // A piece may cut a mark in two. What could still begin one is read again with the next piece.
    const end = Math.max(0, text.length - longestMark);
    for (const { index, 1: count } of text.matchAll(pageMark)) {
      if (index >= end) break;
      if (count === undefined) this.#pages += 1;
      else this.#counted = Math.max(this.#counted, Number(count));
    }
    this.#rest = text.slice(end);
  }

  /** Undefined if no page was seen. */
  end(): number | undefined {
    this.push(Buffer.alloc(longestMark));
    const pages = Math.min(fileLimits.pages, Math.max(this.#pages, this.#counted));
    return pages === 0 ? undefined : pages;
  }
}

/** A page, or how many a node of the page tree has (ISO 32000-1, 7.7.3). */
const pageMark = /\/Type\s{0,8}\/Page(?![A-Za-z])|\/Count\s{1,8}(\d{1,6})(?!\d)/g;
const longestMark = 32;

/** The seconds of a WAV file, from its first bytes and its size; undefined for any other file. */
export function wavSeconds(head: Uint8Array, size: number): number | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < 32 || bytes.toString('latin1', 0, 4) !== 'RIFF') return undefined;
  if (bytes.toString('latin1', 8, 16) !== 'WAVEfmt ') return undefined;
  const bytesPerSecond = bytes.readUInt32LE(28);
  return bytesPerSecond === 0 ? undefined : size / bytesPerSecond;
}
