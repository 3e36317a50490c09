import { kib, mib } from './units.ts';

export const jsonLimits = {
  /** A string that an outline reads in one step. */
  shortStringBytes: 4 * kib,
  /** Brackets that may be open at once, in bodies, answers and files. A schema of a tool has some twenty. */
  depth: 512,
  /** Digits of a number in a row. No double needs more to be written exactly. */
  digits: 1_100,
  /**
   * Values of a request that is translated. A conversation of 10,000 messages has some 60,000. The AI SDK makes its
   * request of them at once, in about 0.3 ms for a thousand.
   */
  translatedValues: 100_000,
  /** Names of fields that are lost in one translation. Requests of real tools lose up to ten. */
  lostNames: 40,
  /** Members of a request. The protocols name some fifty. */
  members: 1_000,
  /** The name of a member that means something here. A longer one is not looked at. */
  nameBytes: 256,
  /** Models that the tools of one request name. */
  toolModels: 64,
  /** The value of a member that is parsed by itself, such as `stream_options`. */
  parsedValueBytes: 64 * kib,
  /** The value of a member that is read at once without being parsed, such as `generationConfig`. */
  scannedValueBytes: 1024 * kib,
  /** The levels of a text that its outline keeps. */
  outlineDepth: 8,
  /** The items of each list, and the values in all, that an outline keeps. */
  outlineItems: 64,
  outlineValues: 20_000,
} as const;

/** Work on any number of bytes is done in slices: one in each turn of the event loop, with other work in between. */
export const sliceLimits = {
  /** Of UTF-8, decoded in one step. */
  decodedBytes: mib,
  /** Of shorter chunks copies are kept, so that a million tiny chunks take no more memory than their bytes. */
  copiedBytes: 16 * kib,
  /** One block of such copies. */
  blockBytes: 64 * kib,
  /** The tokenizer takes a time that grows with the square of a word's length, so it gets texts in pieces. */
  tokenizedChars: 1_000,
  /** The time of one slice. */
  ms: 1,
  /** The time before the first wait: many pieces of work may begin in the same turn. */
  firstMs: 0.2,
  /** The time of one turn of the event loop, all its work on data together, before more data has to wait. */
  turnMs: 5,
  /** What Node.js's parser of HTTP gets in one piece. They may be some three thousand chunks. */
  parsedAtOnceBytes: 16 * kib,
  /** Between two looks at the clock, about a tenth of a slice: bytes, those of many strings, and searched characters. */
  bytes: 64 * kib,
  bytesOfStrings: 8 * kib,
  chars: 8 * kib,
} as const;
