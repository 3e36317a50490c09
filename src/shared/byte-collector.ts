import { sliceLimits } from './limits.ts';
/** The first chunks are kept as they are: most collections have no more. */
const keptChunks = 4;
/** The first block is small: many collections may have a few bytes each. */
const smallestBlock = 1024;

/** Bytes that come in chunks of any size, until they are taken in one piece. */
export class ByteCollector {
  readonly #expected: number;
  #blocks: Uint8Array[] = [];
  /** The last block, where it has room left. */
  #open: Buffer | undefined;
  #used = 0;
  #length = 0;

  /** `expected`: the number of bytes, if it is known. Then they are put into one piece as they come. */
  constructor(expected = 0) {
    this.#expected = expected;
  }

  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#length += chunk.length;
    const isKept = chunk.length >= sliceLimits.copiedBytes || this.#blocks.length < keptChunks;
    if (this.#expected === 0 && isKept) {
      this.#close();
      this.#blocks.push(chunk);
      return;
    }
    for (let at = 0; at < chunk.length;) {
      this.#open ??= Buffer.allocUnsafeSlow(this.#nextBlockBytes());
      const part = chunk.subarray(at, at + this.#open.length - this.#used);
      this.#open.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used === this.#open.length) this.#close();
    }
  }

  /** All bytes, in one piece. The collector is empty afterwards. */
  take(): Buffer {
    this.#close();
    const blocks = this.#blocks;
    const length = this.#length;
    this.clear();
    const [first] = blocks;
    if (blocks.length === 1 && first !== undefined)
      return Buffer.from(first.buffer, first.byteOffset, first.byteLength);
    return Buffer.concat(blocks, length);
  }

  clear(): void {
    this.#blocks = [];
    this.#open = undefined;
    this.#used = 0;
    this.#length = 0;
  }

  #nextBlockBytes(): number {
    if (this.#blocks.length === 0 && this.#expected > 0) return this.#expected;
    return Math.min(sliceLimits.blockBytes, Math.max(smallestBlock, this.#length));
  }

  #close(): void {
    if (this.#open !== undefined && this.#used > 0) this.#blocks.push(this.#open.subarray(0, this.#used));
    this.#open = undefined;
    this.#used = 0;
  }
}
