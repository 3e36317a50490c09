/**
 * Every bound on what comes from outside, with its unit and the reason for its size. Nothing that a client, a
 * provider or a file sends can take more memory or time than a bound here allows.
 */
const kib = 1024;
const mib = 1024 * kib;

export const gatewayLimits = {
  toolSettingsBytes: mib,
  /** The models that are written into a tool's settings. A user picks from them in a list. */
  toolModels: 100,
  /** One body, as at Anthropic's own API: screenshots come as base64. */
  bodyBytes: 32 * mib,
  /** One body of the management routes, which is parsed at once. A user has to read what it asks for. */
  managementBodyBytes: 64 * kib,
  /** The bodies of all calls in progress. They stay in memory until their calls end, because a call may be repeated. */
  bodiesBytes: 64 * mib,
  /** Read of a body before somebody wants it: while its token is checked, or earlier requests are answered. */
  waitingBodyBytes: 64 * kib,
  /** Each connection runs one request at a time, so this bounds the calls, too. */
  connections: 64,
  /** With this many requests waiting on one connection, no more is read from it. Only a client that pipelines has any. */
  waitingRequests: 16,
  /** One read may contain many small requests. No client has a reason for more than this. */
  mostWaitingRequests: 256,
  /** A client is on the same machine, so its headers arrive at once. */
  headersMs: 5_000,
  /** The time begins when the gateway starts to read the body. */
  bodyMs: 30_000,
  /** How long a client may read nothing while an answer waits for it. */
  stallMs: 60_000,
  /** One write of an answer. A client that reads this much in `stallMs` is slow, but has not stalled. */
  writeBytes: 64 * kib,
  /** Responses whose tenant is known, and for how long: a chain goes on soon. */
  knownResponses: 10_000,
  responseMs: 3_600_000,
  /** How long the process of a guarded terminal counts as alive after a check. */
  ownerCheckMs: 5_000,
  /** How long a guarded terminal may start without shell integration before the user learns that it is not checked. */
  shellIntegrationMs: 10_000,
  /** How long calls may go on after the gateway is stopped. */
  drainMs: 5_000,
  /** How long calls may take to settle once they are aborted. */
  settleMs: 1_000,
} as const;

/** What a provider sends. */
export const answerLimits = {
  /** An answer in one piece that a client of the gateway gets. */
  collectedBytes: 32 * mib,
  /** One event of a stream that a client of the gateway gets. Images come as base64 in one event. */
  eventBytes: 16 * mib,
  /** One event, or an answer in one piece, for our own prompts: the AI SDK parses it at once. */
  ownBytes: 8 * mib,
  /** The values in such an event. They take the time of a parser, not the bytes of a long string. */
  ownValues: 20_000,
  /** The values in a list of models. The longest one known has some 30,000. */
  listValues: 100_000,
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
  /** How long a list of models may take, the key included. */
  listMs: 10_000,
  /** A longer pause after a 429 is a mistake, or hostile. */
  pauseMs: 86_400_000,
  /** Work of the AI SDK on events that wait, before other work gets a turn. */
  handOverMs: 4,
} as const;

/** What models think in tool loops, which is kept for their next request. */
export const learningLimits = {
  /** The providers and settings of which a window remembers what their servers refused. */
  providers: 1_000,
} as const;

export const reasoningLimits = {
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

export const vaultLimits = {
  /** A ring file has a few hundred bytes, and some hundred more for each retired master key. */
  ringFileBytes: mib,
  /** How long VS Code's secret storage may take for one answer. A dialog of the keyring may wait for its password. */
  storeMs: 5_000,
  /** How long the first prompt waits for the ring file. */
  ringMs: 5_000,
  /** How long secret storage may take while it does not answer something else. */
  silentStoreMs: 1_000,
  /** Then a read that was not answered is asked for again. */
  askAgainMs: 30_000,
  /** How long another window's change of a row may take to get here. */
  staleRowMs: 2_000,
  /** So many earlier values of each key stay known to the redaction. */
  earlierValues: 8,
} as const;

export const jsonLimits = {
  /** Brackets that may be open at once, in bodies, answers and files. A schema of a tool has some twenty. */
  depth: 512,
  /** Digits of a number in a row. No double needs more to be written exactly. */
  digits: 1_100,
  /** Values of a request that is translated at once. Long conversations have some thousand; 20,000 take about 0.2 s. */
  translatedValues: 20_000,
  /** Members of a request. The protocols name some fifty. */
  members: 1_000,
  /** The name of a member that means something here. A longer one is not looked at. */
  nameBytes: 256,
  /** Models that the tools of one request name. */
  toolModels: 64,
  /** The value of a member that is parsed by itself, such as `stream_options`. */
  parsedValueBytes: 64 * kib,
  /** The levels of a text that its outline keeps. */
  outlineDepth: 8,
  /** The items of each list, and the values in all, that an outline keeps. */
  outlineItems: 64,
  outlineValues: 20_000,
} as const;

export const settingsLimits = {
  /** A settings file of a headless Callguard. */
  fileBytes: 4 * mib,
  /** Levels of one setting. A provider's entry has four. */
  depth: 16,
  /** Names and values of one setting. Ten providers with a thousand models each fit. */
  values: 20_000,
  /** The characters of all of them. */
  chars: mib,
  providers: 200,
  /** The id of a provider, and the name of a route or a tenant. */
  idChars: 63,
  /** That one provider offers. */
  models: 1_000,
  /** Of a list of models that a policy or a workspace allows or denies. Each call is compared with each pattern. */
  patterns: 100,
  /** Of one pattern. Each takes a search of its own. */
  stars: 8,
  routes: 200,
  targets: 50,
  /** In `callguard.limits`. Each call looks up the use of each cap. */
  rules: 100,
  tenants: 200,
  /** Of one tenant. */
  tenantFolders: 100,
  folderChars: 1_000,
  /** Folders of a workspace, each of which may have settings. VS Code takes half a millisecond for each. */
  workspaceFolders: 100,
  /** Of one provider, and of all settings together. */
  problems: 20,
  /** A problem's text, which may quote the setting. */
  problemChars: 300,
  /** A cap in US dollars. The ledger counts millionths of them, and this many exactly. */
  usd: 1_000_000_000,
  /** Any other cap. Larger numbers are not exact. */
  count: 1_000_000_000_000_000,
} as const;

/** Work on any number of bytes is done in slices: one in each turn of the event loop, with other work in between. */
export const sliceLimits = {
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

export const auditLimits = {
  /** How often the end of the audit trail goes into the secret storage, which may write a file for it. */
  witnessEveryMs: 60_000,
  /** How long a secret storage may take that may wait for its user. */
  witnessMs: 5_000,
  /** VS Code gives a window 5 s to close, of which calls in progress may need 4 s. */
  witnessAtShutdownMs: 900,
} as const;

export const redactionLimits = {
  /** Of an error's text no more is read: providers echo whole prompts. */
  readChars: 64 * kib,
  /** The secrets of a prompt that are named and asked about. The rest is redacted, or the prompt is refused. */
  secretsOfPrompt: 100,
  /** Read beyond that, so that a key at its end is seen whole. */
  edgeChars: 8 * kib,
  /** Of what was read no more is shown. */
  shownChars: 8 * kib,
  /** One run of a key's characters. No key is as long, and no slice of a reading takes longer for it. */
  runChars: 64 * kib,
  /** A text that is base64 as a whole and is decoded at once, so that what is no secret stays. */
  wholeBase64Chars: 8 * mib,
  /** Of base64 in a text, searched at once. */
  decodedBytes: 16 * kib,
  /** Of what was searched, searched again with what follows. A private key has some 3,000. */
  decodedOverlap: 3 * kib,
  /** A user's own shapes. Each takes memory for its prefix. */
  ownShapes: 100,
  /** Of a user's own shape. No prefix of a provider has more than 20 characters. */
  prefixChars: 64,
  /** Behind the prefix of a user's own shape. The longest tokens of providers have about 2,000. */
  ownKeyChars: 4_096,
  /** Of the name of a user's own shape, which messages show. */
  shapeNameChars: 64,
} as const;

/** Requests of other extensions to the exported API. */
export const apiLimits = {
  depth: 8,
  values: 20_000,
  /** As many as the body of a gateway request has bytes. */
  chars: 4 * mib,
  modelChars: 300,
  addressChars: 2_048,
  keyChars: 16 * kib,
  /** That an error names. */
  problems: 5,
} as const;

/** Messages of the usage panel's page, and its saved state. The largest names four filters. */
export const panelLimits = {
  depth: 4,
  values: 100,
  chars: 8 * kib,
  /** The name of a tenant, a provider, a model or a reason. */
  nameChars: 1_000,
  /** The furthest time from 1970 that a JavaScript date can have. */
  timeMs: 8.64e15,
} as const;

/** Files from which keys are imported. */
export const importLimits = {
  /** A `.env`, CSV or JSON file. A thousand rows of a server's table have some 300 KiB. */
  textBytes: 512 * kib,
  /** A SQLite file with its write-ahead log. A server's database may hold much besides the keys. */
  databaseBytes: 1024 * mib,
  /** For one question to a SQLite file, which a thread reads. */
  databaseMs: 10_000,
  tables: 500,
  /** The columns of a table that the user can pick from. */
  columns: 100,
  /** A table of keys has one row for each provider; a longer table holds something else. */
  rows: 1_000,
  /** The name of a table, a column, a variable or a provider. */
  nameChars: 100,
  /** One key. A service account's key in a Fernet token has some 4,000. */
  keyChars: 16 * kib,
  /** What is read of one line of a `.env` file. */
  lineChars: 32 * kib,
} as const;

export const fileLimits = {
  /** Files of one request that are read for their pages or seconds. Each further one counts as one of unknown length. */
  readFiles: 100,
  /** One step of such a reading: base64 of a multiple of 3 bytes, so that each step can be decoded by itself. */
  stepChars: 64 * kib,
} as const;
