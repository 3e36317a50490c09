import type { PassThroughFormat } from '../dialects/dialect.ts';

/** Bytes of content in an event stream: counted in the events that are read, estimated for those that are not. */
export class ContentMeter {
  readonly #contentBytes: PassThroughFormat['contentBytes'];
  #readBytes = 0;
  #contentInRead = 0;
  #untaken = 0;

  constructor(contentBytes: PassThroughFormat['contentBytes']) {
    this.#contentBytes = contentBytes;
  }

  /** Whether there was any. */
  get hasBegun(): boolean {
    return this.#contentInRead > 0;
  }

  /** An event was read: its JSON. */
  event(json: unknown): void {
    const bytes = this.#contentBytes(json);
    this.#contentInRead += bytes;
    this.#untaken += bytes;
  }

  /** So many bytes of the stream were read. */
  read(bytes: number): void {
    this.#readBytes += bytes;
  }

  /** So many were not: they have as large a share of content as those that were. */
  unread(bytes: number): void {
    this.#untaken += (bytes * this.#contentInRead) / Math.max(1, this.#readBytes);
  }

  /** What came since it was last asked. */
  take(): number {
    const bytes = this.#untaken;
    this.#untaken = 0;
    return bytes;
  }
}
