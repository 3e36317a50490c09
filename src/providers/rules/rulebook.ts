import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Target } from '../../guard/call.ts';
import { capKinds, type Cap, type CapKind, type CapScope } from '../../guard/caps.ts';
import type { Price } from '../../guard/price.ts';
import type { Rulebook, TargetRules } from '../../guard/rules.ts';
import type { Refusal } from '../../guard/refusal.ts';
import { issuesAt } from '../../shared/zod-issues.ts';
import { placed, type L10n, type Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { FactsLookup } from '../pricing/model-facts.ts';
import { capLimits, limitsSchema, type ProviderConfig, type Providers } from '../config/provider-config.ts';

type Limits = Readonly<Partial<Record<CapKind, number>>>;

/** One rule of `callguard.limits`: caps for all calls that have every named property; `*` means each one by itself. */
export interface LimitRule {
  readonly scope: CapScope;
  readonly limits: Limits;
}

/** All settings that decide about a call. */
export interface GuardSettings {
  readonly providers: Providers;
  readonly limits: readonly LimitRule[];
  /** Every `callguard.workspace.models` there is: each of these lists of globs only takes away. */
  readonly workspaceModels: readonly (readonly string[])[];
  /** `callguard.workspace.limits`: the lower cap holds. */
  readonly workspaceLimits: Limits;
}

const ruleSchema = limitsSchema.extend({
  tenant: z.string().min(1).optional(),
  provider: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
});

/** Reads `callguard.limits`. A broken rule is left out and named, with its place and what is wrong. */
export function parseLimitRules(setting: unknown): { rules: LimitRule[]; problems: Wording[] } {
  const place = 'callguard.limits';
  const list = z.array(z.unknown()).safeParse(setting ?? []);
  if (!list.success)
    return { rules: [], problems: [placed(place, (l10n) => l10n.t('must be a list of rules'))] };
  const rules: LimitRule[] = [];
  const problems: Wording[] = [];
  for (const [index, item] of list.data.entries()) {
    const parsed = ruleSchema.safeParse(item);
    if (parsed.success) {
      const { tenant, provider, model, ...limits } = parsed.data;
      rules.push({
        scope: {
          ...(tenant === undefined ? {} : { tenant }),
          ...(provider === undefined ? {} : { provider }),
          ...(model === undefined ? {} : { model }),
        },
        limits: capLimits(limits),
      });
    } else {
      problems.push(...issuesAt(`${place}.${index}`, parsed.error));
    }
  }
  return { rules, problems };
}

/**
 * Reads every value of `callguard.workspace.limits`; the lowest cap of each kind holds. One that cannot be read limits
 * nothing and is named.
 */
export function parseWorkspaceLimits(values: readonly unknown[]): { limits: Limits; problems: Wording[] } {
  const limits: Partial<Record<CapKind, number>> = {};
  const problems: Wording[] = [];
  for (const value of values) {
    const parsed = limitsSchema.safeParse(value);
    if (parsed.success) {
      for (const [kind, limit] of Object.entries(capLimits(parsed.data)) as [CapKind, number][]) {
        limits[kind] = Math.min(limit, limits[kind] ?? Infinity);
      }
    } else {
      problems.push(...issuesAt('callguard.workspace.limits', parsed.error));
    }
  }
  return { limits, problems };
}

const globsSchema = z.array(z.string().min(1).max(200));

/** Reads every value of `callguard.workspace.models`. An empty list restricts nothing; a broken one denies all. */
export function parseWorkspaceModels(values: readonly unknown[]): { lists: string[][]; problems: Wording[] } {
  const parsed = values.map((value) => globsSchema.safeParse(value));
  const problem = placed('callguard.workspace.models', (l10n) =>
    l10n.t('must be a list of model ids; until you fix it, no model is allowed'),
  );
  return {
    // Somebody wanted to restrict something: until it can be read, nothing is allowed.
    lists: parsed.map((list) => list.data ?? ['']).filter((list) => list.length > 0),
    problems: parsed.some((list) => !list.success) ? [problem] : [],
  };
}

/** The guard's rulebook over the settings as they are at the moment of each call. */
export function createRulebook(settings: () => GuardSettings, factsOf: FactsLookup): Rulebook {
  return {
    rulesFor: (target, tenant) => {
      const config = usableProvider(settings().providers, target.provider);
      if (!config.ok) return config;
      const facts = factsOf(config.value, target.model);
      return ok({
        ...rulesOf(config.value, target, tenant, settings()),
        // The user's own price is the better one: it may be a contract's.
        price: ownPrice(config.value, target.model) ?? facts?.price,
        // All that is publicly known of a model's own limit: its answer fits into its context.
        assumedOutputTokens: Math.min(config.value.assumedOutputTokens, facts?.contextTokens ?? Infinity),
      });
    },
  };
}

/** By its own names alone: a model may be called 'constructor'. */
function ownPrice({ prices }: ProviderConfig, model: string): Price | undefined {
  return Object.hasOwn(prices, model) ? prices[model] : undefined;
}

/** A provider that may be called, or why it may not. */
function usableProvider(providers: Providers, id: string): Result<ProviderConfig, Refusal> {
  const config = providers.usable.get(id);
  if (config?.enabled === true) return ok(config);
  const broken = providers.broken.find((entry) => entry.id === id);
  const problem = (l10n: L10n): string => {
    if (config !== undefined) return l10n.t('the provider is disabled. Enable it in callguard.providers.');
    if (broken === undefined) return l10n.t('there is no such provider in callguard.providers.');
    return l10n.t(
      'its settings are invalid: {0}. Fix them in callguard.providers.',
      broken.problems.map((each) => each(l10n)).join('; '),
    );
  };
  return err({ kind: 'settings', provider: id, problem });
}

function rulesOf(
  config: ProviderConfig,
  target: Target,
  tenant: string,
  settings: GuardSettings,
): Omit<TargetRules, 'price' | 'assumedOutputTokens'> {
  return {
    policy: config.policy,
    workspaceModels: settings.workspaceModels,
    caps: capsFor(config, target, tenant, settings),
    circuit: config.circuit,
    timeouts: config.timeouts,
    retry: config.retry,
    unknownPriceAllowed: config.unknownPriceAllowed,
    strict: config.strictLimits,
    configFingerprint: configFingerprint(config),
  };
}

/** Every cap that applies to a tenant's call to a target. */
export function capsFor(
  config: Pick<ProviderConfig, 'id' | 'limits'>,
  target: Target,
  tenant: string,
  settings: Pick<GuardSettings, 'limits' | 'workspaceLimits'>,
): Cap[] {
  const ofProvider = capsOf({ provider: config.id }, config.limits);
  const ofRules = settings.limits.flatMap(({ scope, limits }) => {
    const applied = applyScope(scope, { ...target, tenant });
    return applied === undefined ? [] : capsOf(applied, limits);
  });
  return [...ofProvider, ...ofRules, ...capsOf({ tenant }, settings.workspaceLimits)];
}

function capsOf(scope: CapScope, limits: Limits): Cap[] {
  return capKinds.flatMap((kind) => {
    const limit = limits[kind];
    return limit === undefined ? [] : [{ scope, kind, limit }];
  });
}

/** The scope with each `*` put in the concrete; undefined when the rule is about other calls. */
function applyScope(scope: CapScope, call: Required<CapScope>): CapScope | undefined {
  const names = ['tenant', 'provider', 'model'] as const;
  const matches = names.every((name) => {
    const pattern = scope[name];
    return pattern === undefined || pattern === '*' || pattern === call[name];
  });
  if (!matches) return undefined;
  return Object.fromEntries(
    names.filter((name) => scope[name] !== undefined).map((name) => [name, call[name]]),
  );
}

const marks = new WeakMap<ProviderConfig, string>();

/** Differs whenever the provider's settings differ; see `AdmitRequest.setUp`. */
export function configFingerprint(config: ProviderConfig): string {
  const known = marks.get(config);
  if (known !== undefined) return known;
  const mark = createHash('sha256').update(JSON.stringify(config)).digest('base64url').slice(0, 12);
  marks.set(config, mark);
  return mark;
}
