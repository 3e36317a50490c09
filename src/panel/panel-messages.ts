/**
 * What the usage panel's page and the extension host say to each other. Both sides check what they are told; by
 * zod/mini, as the page loads what it checks with.
 */
import * as z from 'zod/mini';

export const ranges = ['24h', '7d', '30d', '90d'] as const;

const name = z.string();
const count = z.number().check(z.nonnegative());

/** What a person chose to see. It is the page's state, and comes back after a reload. */
export const viewSchema = z.strictObject({
  range: z.enum(ranges),
  /** What a bar of the charts is stacked of. */
  stackBy: z.enum(['provider', 'model']),
  tenant: z.optional(name),
  provider: z.optional(name),
  model: z.optional(name),
});

export type View = z.infer<typeof viewSchema>;

/** Which audit rows lie behind a number. Times in milliseconds, `toMs` not included. */
const callFilterSchema = z.strictObject({
  fromMs: z.number(),
  toMs: z.number(),
  tenant: z.optional(name),
  provider: z.optional(name),
  model: z.optional(name),
  outcome: z.optional(z.enum(['done', 'refused', 'failed', 'aborted'])),
  reason: z.optional(z.string()),
});

export type CallFilter = z.infer<typeof callFilterSchema>;

/** From the page. */
export const requestSchema = z.discriminatedUnion('kind', [
  /** The page is there, or its view has changed. Reports of this view follow until another one is asked for. */
  z.strictObject({ kind: z.literal('show'), view: viewSchema }),
  z.strictObject({ kind: z.literal('openCalls'), filter: callFilterSchema }),
  /** An action of an empty or a broken state. */
  z.strictObject({ kind: z.literal('run'), action: z.enum(['setUpProvider', 'trySandbox', 'showLog']) }),
]);

export type PanelRequest = z.infer<typeof requestSchema>;

/** The fullest cap that a call of the view has to pass; it may be that of more than the view, or of less. */
const capSchema = z.strictObject({
  kind: z.enum(['requestsPerDay', 'tokensPerDay', 'usdPerDay', 'usdPerMonth']),
  limit: count,
  /** Holds included. */
  used: count,
  /** Whose cap it is: all calls that have every one of these. */
  scope: z.strictObject({ tenant: z.optional(name), provider: z.optional(name), model: z.optional(name) }),
});

/** Today, of what the view's filters let through. */
const tileSchema = z.strictObject({
  kind: z.enum(['requests', 'tokens', 'cost', 'success']),
  /** Requests, tokens, millionths of a US dollar, or percent; null where nobody knows. */
  value: z.nullable(count),
  cap: z.optional(capSchema),
  /** Of a cost: requests whose price is unknown, which it lacks. */
  unknown: z.optional(count),
});

const groupSchema = z.strictObject({
  /** A provider, or `provider/model`; undefined for all that are too small for a colour of their own. */
  name: z.optional(name),
  /** One number a bucket. */
  requests: z.array(count),
  tokens: z.array(count),
  costMicroUsd: z.array(count),
});

/** Milliseconds, one a bucket; null where nothing was measured. */
const percentilesSchema = z.strictObject({
  p50: z.array(z.nullable(count)),
  p95: z.array(z.nullable(count)),
});

const modelSchema = z.strictObject({
  provider: name,
  model: name,
  requests: count,
  succeeded: count,
  failed: count,
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  costMicroUsd: count,
  unknownCost: count,
  durationP50Ms: z.nullable(count),
  durationP95Ms: z.nullable(count),
});

export const usageReportSchema = z.strictObject({
  view: viewSchema,
  nowMs: z.number(),
  /** No provider is set up, and none was ever used. */
  empty: z.boolean(),
  /** What the filters offer, each sorted. */
  choices: z.strictObject({
    tenants: z.array(name),
    providers: z.array(name),
    models: z.array(name),
  }),
  /** The day of the tiles. */
  today: z.strictObject({ fromMs: z.number(), toMs: z.number() }),
  tiles: z.array(tileSchema),
  /**
   * Hours of the last day, or days; the last is the one that goes on. Milliseconds of its begin and its end; the label
   * is '2026-11-23' or '2026-11-23T14:00', of the ledger's zone.
   */
  buckets: z.array(z.strictObject({ label: z.string(), fromMs: z.number(), toMs: z.number() })),
  /** The one with the most requests first; what is too small comes last, as one. */
  groups: z.array(groupSchema),
  /** Old calls are still being read, so times and refusals are of the newest alone; the rest follows by itself. */
  partial: z.boolean(),
  duration: percentilesSchema,
  firstContent: percentilesSchema,
  refusals: z.array(z.strictObject({ reason: z.string(), count })),
  models: z.array(modelSchema),
});

export type UsageReport = z.infer<typeof usageReportSchema>;

/** To the page. */
export const panelMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('report'), report: usageReportSchema }),
  /** The ledger cannot be read; what was shown before stays, marked as old. */
  z.strictObject({ kind: z.literal('problem'), message: z.string() }),
]);

export type PanelMessage = z.infer<typeof panelMessageSchema>;
