import { kib, mib } from './units.ts';

export const gatewayLimits = {
  /** The name of a model, as a client writes it, and that of a provider in a management request. */
  modelChars: 300,
  providerChars: 100,
  /** Answers to one request that a client may ask for, as at OpenAI. */
  answers: 128,
  /** The name of a field, and the place of a value, that an error or the log shows. */
  shownFieldChars: 64,
  shownPathChars: 200,
  /** Of a `data:` URL, where its media type and parameters stand. */
  dataUrlHeadChars: 600,
  /** Settings that a user can read and confirm. */
  confirmedChars: 2_000,
  /** Days of one report. */
  reportDays: 366,
  toolSettingsBytes: mib,
  /** The models that are written into a tool's settings. A user picks from them in a list. */
  toolModels: 100,
  /** One body of the management routes, which is parsed at once. A user has to read what it asks for. */
  managementBodyBytes: 64 * kib,
  /** Read of a body before somebody wants it: while its token is checked, or earlier requests are answered. */
  waitingBodyBytes: 64 * kib,
  /** Each connection runs one request at a time, so this bounds the calls, too. */
  connections: 64,
  /** With this many requests waiting on one connection, no more is read from it. Only a client that pipelines has any. */
  waitingRequests: 16,
  /** One read may contain many small requests. No client has a reason for more than this. */
  mostWaitingRequests: 256,
  /** Of one request. Clients send a few dozen. */
  headers: 256,
  /** A client is on the same machine, so its headers arrive at once. */
  headersMs: 5_000,
  /** The time begins when the gateway starts to read the body. */
  bodyMs: 30_000,
  /** How long a client may read nothing while an answer waits for it. */
  stallMs: 60_000,
  /** One write of an answer. A client that reads this much in `stallMs` is slow, but has not stalled. */
  writeBytes: 64 * kib,
  /**
   * The longest `retry-after` that a call waits for itself, at most twice. The client's user sees nothing meanwhile, so
   * a longer one goes to the client.
   */
  retryWaitMs: 4_000,
  /** Requests to providers for one request of a client, over all targets of a route. */
  attempts: 3,
  /** Final refusals that are remembered, and for how long after the last one: tools repeat them within seconds. */
  refusals: 1_000,
  refusalMs: 60_000,
  /** Models whose clients wait for a rate limit to end, and how soon after it they come back. */
  rateLimitWaits: 1_000,
  waitedMs: 60_000,
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

/** The sessions of tools, of which so many are known. */
export const sessionLimits = {
  sessions: 1_000,
  /** The field in which a tool names its session, and the metadata in which Claude Code has it. */
  fieldBytes: 256,
  metadataChars: 4 * kib,
  /** Different requests of one session, and what is hashed of each end of a body. */
  requests: 100,
  hashedBytes: 64 * kib,
  /** In this time, so many repeats of an answered request are a loop, and so many calls more than an agent makes. */
  windowMs: 300_000,
  ...{ repeats: 8, calls: 300 },
} as const;
