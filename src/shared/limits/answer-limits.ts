import { kib, mib } from './units.ts';

/** What a provider sends. */
export const answerLimits = {
  /** A word that a server sends as an event, such as a mark that it is alive. */
  wordChars: 256,
  /** An answer in one piece that a client of the gateway gets. */
  collectedBytes: 32 * mib,
  /** One event of a stream that a client of the gateway gets. Images come as base64 in one event. */
  eventBytes: 16 * mib,
  /** One event, or an answer in one piece, for our own prompts: the AI SDK parses it at once. */
  ownBytes: 8 * mib,
  /** The values in such an event. They take the time of a parser, not the bytes of a long string. */
  ownValues: 20_000,
  /** A longer JSON text is read by a scanner, in slices, and never parsed as a whole. */
  parsedBytes: 256 * kib,
  /** A stream without any content. It is held back, so that the attempt can be repeated. */
  heldBackBytes: 256 * kib,
  /** What waits for the reader of an answer before no more is read from the socket. */
  queuedBytes: 64 * kib,
  /** Always read of a stream that is passed on. Later events are read only if they may be significant. */
  readInFullBytes: 64 * kib,
  /** The body of an HTTP error. More than the text that is read for secrets, so that a cut shows. */
  errorBytes: 72 * kib + 1,
  /** How long the body of an HTTP error may take. What came until then is read. */
  errorMs: 10_000,
  /** What a user sees of a provider's message, in characters. */
  messageChars: 500,
  /** A provider's code of an error, or its id of a request. */
  referenceChars: 200,
  /** Interim answers (1xx) before the answer. No server needs more than two. */
  interimAnswers: 16,
  /** The memory that a zstd stream may ask for, as a power of two. RFC 8878 asks servers not to need more. */
  zstdWindowLog: 23,
  /** One write of a request. A TLS socket encrypts all of it at once. */
  writeBytes: 256 * kib,
  /** How long a server may take to end a complete answer cleanly, so that its socket can be kept. */
  lingerMs: 250,
  /** Levels of content, of an error in others, and of an error that is empty. No API has as many. */
  contentDepth: 8,
  errorDepth: 5,
  emptyErrorDepth: 3,
  /** JSON within the message of an error, in characters, and the wrong fields that a validator lists. */
  wrappedErrorChars: 64 * kib,
  errorFields: 50,
  /** The largest figures of one call. Larger ones would spoil sums in the ledger. */
  tokens: 1_000_000_000,
  usd: 1_000_000,
  /** How often a request is sent again because its kept socket was dead. Each time takes one out of the pool. */
  deadSockets: 3,
  /** A longer pause after a 429 is a mistake, or hostile. */
  pauseMs: 86_400_000,
  /** Work of the AI SDK on events that wait, before other work gets a turn. */
  handOverMs: 4,
} as const;

/** What a window learns from the answers of servers. */
export const learningLimits = {
  /** The providers and settings of which a window remembers what their servers refused. */
  providers: 1_000,
} as const;

/** What models think in tool loops, which is kept for their next request. */
export const reasoningLimits = {
  /** What a key of the store takes in memory. */
  keyBytes: 300,
  /** All of it in one window. The least recently used goes first. */
  storeBytes: 16 * mib,
  /** A tool loop that pauses for longer goes on without it. */
  storeMs: 3_600_000,
  /** That of one answer. The longest ones known think some 100,000 tokens. */
  answerChars: mib,
  /** Blocks of one answer, between which a model writes text or calls tools. */
  blocks: 1_000,
  /** The providers and models of which a window remembers how they want it back. */
  habits: 1_000,
} as const;
