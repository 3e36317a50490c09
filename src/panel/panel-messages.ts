/**
 * The messages between the usage panel's page and the extension host. Both sides check what they receive, with
 * zod/mini because the page has to load it.
 */
import * as z from 'zod/mini';
import { panelLimits } from '../shared/limits.ts';

export const ranges = ['24h', '7d', '30d', '90d'] as const;

const name = z.string();
/** In a message from the page, which is not part of the extension host. */
const sentName = z.string().check(z.maxLength(panelLimits.nameChars));
const sentTime = z.number().check(z.gte(-panelLimits.timeMs), z.lte(panelLimits.timeMs));
const count = z.number().check(z.nonnegative());

/** What the user chose to see. It is the page's state and returns after a reload. */
export const viewSchema = z.strictObject({
  range: z.enum(ranges),
  /** What the charts' bars are split by. */
  stackBy: z.enum(['provider', 'model']),
  tenant: z.optional(sentName),
  provider: z.optional(sentName),
  model: z.optional(sentName),
});

export type View = z.infer<typeof viewSchema>;

/** The audit rows behind a number. Times are in milliseconds; `toMs` is not included. */
const callFilterSchema = z.strictObject({
  fromMs: sentTime,
  toMs: sentTime,
  tenant: z.optional(sentName),
  provider: z.optional(sentName),
  model: z.optional(sentName),
  outcome: z.optional(z.enum(['done', 'refused', 'failed', 'aborted'])),
  reason: z.optional(sentName),
  caller: z.optional(sentName),
});

export type CallFilter = z.infer<typeof callFilterSchema>;

/** Messages from the page. */
export const requestSchema = z.discriminatedUnion('kind', [
  /** The page is ready, or its view has changed. Reports of this view follow until the page asks for another one. */
  z.strictObject({ kind: z.literal('show'), view: viewSchema }),
  z.strictObject({ kind: z.literal('openCalls'), filter: callFilterSchema }),
  /** An action that the page offers while it is empty or broken. */
  z.strictObject({ kind: z.literal('run'), action: z.enum(['setUpProvider', 'trySandbox', 'showLog']) }),
]);

export type PanelRequest = z.infer<typeof requestSchema>;

/** The fullest cap that a call of the view has to pass. It may cover more or less than the view. */
const capSchema = z.strictObject({
  kind: z.enum(['requestsPerDay', 'tokensPerDay', 'usdPerDay', 'usdPerMonth']),
  limit: count,
  /** Includes holds. */
  used: count,
  /** The calls that the cap covers: those that match all of these. */
  scope: z.strictObject({ tenant: z.optional(name), provider: z.optional(name), model: z.optional(name) }),
});

/** Today's numbers for the view's filters. */
const tileSchema = z.strictObject({
  kind: z.enum(['requests', 'tokens', 'cost', 'success']),
  /** Requests, tokens, millionths of a US dollar, or percent; null if unknown. */
  value: z.nullable(count),
  cap: z.optional(capSchema),
  /** For a cost: the requests whose price is unknown and that it therefore leaves out. */
  unknown: z.optional(count),
});

const groupSchema = z.strictObject({
  /** A provider or `provider/model`; undefined for the rest, which is too small for a colour of its own. */
  name: z.optional(name),
  /** One number per bucket. */
  requests: z.array(count),
  tokens: z.array(count),
  costMicroUsd: z.array(count),
});

/** Milliseconds, one per bucket; null if nothing was measured. */
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

const callerSchema = z.strictObject({
  name,
  requests: count,
  inputTokens: count,
  outputTokens: count,
  costMicroUsd: count,
  unknownCost: count,
});

export const usageReportSchema = z.strictObject({
  view: viewSchema,
  nowMs: z.number(),
  /** True if no provider is set up and none was ever used. */
  empty: z.boolean(),
  /** The choices of the filters, sorted. */
  choices: z.strictObject({
    tenants: z.array(name),
    providers: z.array(name),
    models: z.array(name),
  }),
  /** The day of the tiles. */
  today: z.strictObject({ fromMs: z.number(), toMs: z.number() }),
  tiles: z.array(tileSchema),
  /**
   * The hours of the last day, or days. The last bucket is still open. Begin and end are in milliseconds; the label
   * is '2026-11-23' or '2026-11-23T14:00', in the ledger's zone.
   */
  buckets: z.array(z.strictObject({ label: z.string(), fromMs: z.number(), toMs: z.number() })),
  /** The group with the most requests first, the rest last as one group. */
  groups: z.array(groupSchema),
  /**
   * True while old calls are still being read. Then times and refusals cover only the newest calls, and another
   * report follows.
   */
  partial: z.boolean(),
  duration: percentilesSchema,
  firstContent: percentilesSchema,
  refusals: z.array(z.strictObject({ reason: z.string(), count })),
  models: z.array(modelSchema),
  /** By tool, over the days of the range, or today where the buckets are hours. Empty if the view has a filter. */
  callers: z.array(callerSchema),
});

export type UsageReport = z.infer<typeof usageReportSchema>;

/** Messages to the page. */
export const panelMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('report'), report: usageReportSchema }),
  /** The ledger cannot be read. The page keeps its numbers and marks them as old. */
  z.strictObject({ kind: z.literal('problem'), message: z.string() }),
]);

export type PanelMessage = z.infer<typeof panelMessageSchema>;
