import type { DialectDefinition } from '../dialects/dialect.ts';

/** Bytes of content in an event stream: counted in events that are read, estimated for events that are skipped. */
export class ContentMeter {
  readonly #contentBytes: DialectDefinition['contentBytes'];
  #readBytes = 0;
  #contentInRead = 0;
  #untaken = 0;

  constructor(contentBytes: DialectDefinition['contentBytes']) {
    this.#contentBytes = contentBytes;
  }

  /** Whether any content was read. */
  get hasBegun(): boolean {
    return this.#contentInRead > 0;
  }

  /** An event with this JSON was read. `leftOutBytes`: those of its strings that are not in `json`. */
  event(json: unknown, leftOutBytes: number): void {
    const bytes = this.#contentBytes(json) + leftOutBytes;
    this.#contentInRead += bytes;
    this.#untaken += bytes;
  }

  /** This many bytes of the stream were read. */
  read(bytes: number): void {
    this.#readBytes += bytes;
  }

  /** This many bytes were skipped. They are assumed to have the same share of content as the read ones. */
  unread(bytes: number): void {
    this.#untaken += (bytes * this.#contentInRead) / Math.max(1, this.#readBytes);
  }

  /** Bytes of content since the last call. */
  take(): number {
    const bytes = this.#untaken;
    this.#untaken = 0;
    return bytes;
  }
}
