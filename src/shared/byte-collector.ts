/** Of shorter chunks copies are kept, so that a million tiny chunks take no more memory than their bytes. */
const copiedBytes = 16 * 1024;
/** The first chunks are kept as they are: most collections have no more. */
const keptChunks = 4;
const blockBytes = 64 * 1024;

/** Bytes that come in chunks of any size, until they are taken in one piece. */
export class ByteCollector {
  #blocks: Uint8Array[] = [];
  /** The last block, where it has room left. */
  #open: Buffer | undefined;
  #used = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (chunk.length >= copiedBytes || this.#blocks.length < keptChunks) {
      this.#close();
      this.#blocks.push(chunk);
      return;
    }
    for (let at = 0; at < chunk.length;) {
      this.#open ??= Buffer.allocUnsafeSlow(blockBytes);
      const part = chunk.subarray(at, at + blockBytes - this.#used);
      this.#open.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used === blockBytes) this.#close();
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

  #close(): void {
    if (this.#open !== undefined && this.#used > 0) this.#blocks.push(this.#open.subarray(0, this.#used));
    this.#open = undefined;
    this.#used = 0;
  }
}
