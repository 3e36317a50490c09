import * as z from 'zod';
import { defaultCircuitOptions } from '../../guard/breaker.ts';
import { capKinds, type CapKind } from '../../guard/caps.ts';
import { canMatchModel } from '../../guard/model-name.ts';
import { defaultRetryOptions } from '../../guard/resolved-target.ts';
import { settingsLimits } from '../../shared/limits/settings-limits.ts';
import { worded } from '../../shared/zod-issues.ts';
import { outputLimitNames } from '../dialects/quirks.ts';
import { choosableDialects, providerKinds } from './catalogue.ts';
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
