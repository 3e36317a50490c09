import * as z from 'zod';
import { soundsLikeNoChat } from '../pricing/other-models.ts';
import { defaultCircuitOptions } from '../../guard/breaker.ts';
import { capKinds, type CapKind } from '../../guard/caps.ts';
import { canMatchModel } from '../../guard/model-name.ts';
import { defaultRetryOptions } from '../../guard/resolved-target.ts';
import { isObject } from '../../shared/json.ts';
import { settingsLimits } from '../../shared/limits.ts';
import { worded } from '../../shared/zod-issues.ts';
import { outputLimitNames } from '../dialects/quirks.ts';
import { choosableDialects, providerKind, providerKinds } from './catalogue.ts';
import type { ModelTraits } from './model-details.ts';
import { customHeadersSchema } from './custom-headers.ts';

/** How the sandbox answers, so that a user can see how the guard reacts. */
export const sandboxBehaviours = ['answer', 'error', 'rate-limit', 'slow', 'cut'] as const;

export type SandboxBehaviour = (typeof sandboxBehaviours)[number];

/**
 * Tools that the provider runs and that name other servers or other models. What they do is not judged by policy and
 * not counted by caps, so a provider's settings must name them.
 */
export const builtInTools = ['mcp', 'image_generation', 'advisor'] as const;

export type BuiltInTool = (typeof builtInTools)[number];

const milliseconds = 1_000;
const microUsd = 1_000_000;

/** For a model whose own limit is unknown. */
export const defaultOutputTokens = 4_096;

const seconds = z.number().positive().max(settingsLimits.seconds);
const usdPerMillion = z.number().nonnegative().max(settingsLimits.usdPerMillion);
/** Patterns of models, as a policy and a workspace list them. */
export const patternsSchema = z
  .array(
    z
      .string()
      .min(1)
      .max(settingsLimits.modelChars)
      .refine(
        canMatchModel,
        worded((l10n) => l10n.t('matches no model: its name would be refused')),
      )
      .refine(
        (pattern) => pattern.split('*').length <= settingsLimits.stars + 1,
        worded((l10n) => l10n.t('must have at most {0} stars', settingsLimits.stars)),
      ),
  )
  .max(settingsLimits.patterns);
/** The limits in a rule of `callguard.limits` and in a provider's `limits`: counts, or dollars for the dollar kinds. */
export const limitsSchema = z.strictObject(
  Object.fromEntries(
    capKinds.map((kind) => [kind, z.number().nonnegative().max(highestLimit(kind)).optional()]),
  ) as Record<CapKind, z.ZodOptional<z.ZodNumber>>,
);

export const entrySchema = z.strictObject({
  kind: z.enum(providerKinds),
  dialect: z.enum(choosableDialects).optional(),
  enabled: z.boolean().default(true),
  baseUrl: z.string().optional(),
  ...customHeadersSchema,
  models: z
    .strictObject({
      list: z.array(z.string().min(1).max(settingsLimits.modelChars)).max(settingsLimits.models).default([]),
      allow: patternsSchema.default([]),
      deny: patternsSchema.default([]),
      default: z.enum(['allow', 'deny']).default('allow'),
      /** Read by `parseDetails`. A mistake in it breaks nothing else. */
      details: z.unknown().optional(),
    })
    .prefault({}),
  limits: limitsSchema
    .extend({
      strict: z.boolean().default(false),
      assumedOutputTokens: z.int().min(1).max(settingsLimits.assumedTokens).default(defaultOutputTokens),
    })
    .prefault({}),
  prices: z
    .record(
      z.string(),
      z.strictObject({
        input: usdPerMillion,
        cachedInput: usdPerMillion.optional(),
        output: usdPerMillion,
      }),
    )
    .default({}),
  unknownPrice: z.enum(['refuse', 'allow']).default('refuse'),
  timeouts: z
    .strictObject({
      connect: seconds.optional(),
      read: seconds.optional(),
      headers: seconds.optional(),
      firstContent: seconds.optional(),
      call: seconds.optional(),
    })
    .prefault({}),
  retry: z
    .strictObject({
      retries: z.int().min(0).max(settingsLimits.retries).default(defaultRetryOptions.retries),
      base: seconds.default(defaultRetryOptions.baseMs / milliseconds),
      cap: seconds.default(defaultRetryOptions.capMs / milliseconds),
      budgetShare: z.number().min(0).max(1).default(defaultRetryOptions.budgetShare),
      budgetFloor: z.int().min(0).max(settingsLimits.budgetFloor).default(defaultRetryOptions.budgetFloor),
    })
    .prefault({}),
  circuit: z
    .strictObject({
      failures: z.int().min(1).max(settingsLimits.failures).default(defaultCircuitOptions.failures),
      cooldown: seconds.default(defaultCircuitOptions.cooldownMs / milliseconds),
      maxCooldown: seconds.default(defaultCircuitOptions.maxCooldownMs / milliseconds),
    })
    .prefault({}),
  quirks: z
    .strictObject({
      streamOptions: z.boolean().optional(),
      outputLimit: z.enum(outputLimitNames).optional(),
      systemRole: z.boolean().optional(),
      temperature: z.boolean().optional(),
    })
    .prefault({}),
  builtInTools: z.array(z.enum(builtInTools)).max(builtInTools.length).default([]),
  sandbox: z.enum(sandboxBehaviours).default('answer'),
});

/** An entry with its defaults filled in. */
export type ParsedEntry = z.infer<typeof entrySchema>;

/** An entry of `callguard.providers` as the user writes it. Absent members have defaults. */
export type ProviderEntry = z.input<typeof entrySchema>;

/** The entry with another list of models and all else as the user wrote it; undefined for a broken entry. */
export function withModels(entry: unknown, list: readonly string[]): ProviderEntry | undefined {
  return isEntry(entry) ? { ...entry, models: { ...entry.models, list: [...list] } } : undefined;
}

/**
 * The entry with what the server said about its models. What the user wrote comes first. Nothing is written for a local
 * server, which loads a model with another context the next time.
 */
export function withTraits(
  entry: ProviderEntry,
  traits: ReadonlyMap<string, ModelTraits> | undefined,
): ProviderEntry {
  if (providerKind(entry.kind).local === true) return entry;
  const own = isObject(entry.models?.details) ? entry.models.details : {};
  const said = (entry.models?.list ?? []).flatMap((model) => {
    const { chats, ...others } = traits?.get(model) ?? {};
    // The name says it too, except where this is written.
    const facts = chats === soundsLikeNoChat(model) ? { ...others, chats } : others;
    const written = own[model];
    const details = isObject(written) ? { ...facts, ...written } : facts;
    return Object.keys(facts).length === 0 ? [] : [[model, details] as const];
  });
  if (said.length === 0) return entry;
  return { ...entry, models: { ...entry.models, details: { ...own, ...Object.fromEntries(said) } } };
}

/** Whether the entry has the right shape. `parseProvider` also checks whether its members fit together. */
export function isEntry(entry: unknown): entry is ProviderEntry {
  return entrySchema.safeParse(entry).success;
}

function isInUsd(kind: CapKind): boolean {
  return kind.startsWith('usd');
}

function highestLimit(kind: CapKind): number {
  return isInUsd(kind) ? settingsLimits.usd : settingsLimits.count;
}

/** Limits as the user writes them, with dollars converted to the ledger's micro-dollars. */
export function capLimits(written: z.infer<typeof limitsSchema>): Partial<Record<CapKind, number>> {
  const caps: Partial<Record<CapKind, number>> = {};
  for (const kind of capKinds) {
    const limit = written[kind];
    // Rounded, because sums in the ledger are whole numbers and 2.01 times a million is slightly less than 2,010,000.
    if (limit !== undefined) caps[kind] = isInUsd(kind) ? Math.round(limit * microUsd) : limit;
  }
  return caps;
}
