import * as z from 'zod';
import type { Target } from '../../guard/call.ts';
import { capKinds, type Cap, type CapKind, type CallProperties, type CapScope } from '../../guard/caps.ts';
import { canonicalModel, isSameModel } from '../../guard/model-name.ts';
import { issuesAt } from '../../shared/zod-issues.ts';
import { placed, type Wording } from '../../shared/l10n.ts';
import { settingsLimits } from '../../shared/limits/settings-limits.ts';
import { tooMany, type ProviderConfig, type Providers } from '../config/provider-config.ts';
import { capLimits, limitsSchema, patternsSchema } from '../config/provider-entry.ts';

type Limits = Readonly<Partial<Record<CapKind, number>>>;

/** One rule of `callguard.limits`: caps for all calls with these properties. `*` gives each value caps of its own. */
export interface LimitRule {
  readonly scope: CapScope;
  readonly limits: Limits;
}

/** The settings that decide about a call. */
export interface GuardSettings {
  readonly providers: Providers;
  readonly limits: readonly LimitRule[];
  /** Each list of globs in `callguard.workspace.models`. A list can only take models away. */
  readonly workspaceModels: readonly (readonly string[])[];
  /** `callguard.workspace.limits`. The lower cap applies. */
  readonly workspaceLimits: Limits;
}

const ruleSchema = limitsSchema.extend({
  tenant: z.string().min(1).optional(),
  provider: z.string().min(1).optional(),
  model: z
    .string()
    .min(1)
    .refine((model) => model === '*' || canonicalModel(model) !== undefined)
    .optional(),
});

/** Reads `callguard.limits`. Leaves out a broken rule and reports its place and its problem. */
export function parseLimitRules(setting: unknown): { rules: LimitRule[]; problems: Wording[] } {
  const place = 'callguard.limits';
  const list = z.array(z.unknown()).safeParse(setting ?? []);
  if (!list.success)
    return { rules: [], problems: [placed(place, (l10n) => l10n.t('must be a list of rules'))] };
  const rules: LimitRule[] = [];
  const problems: Wording[] = [];
  if (list.data.length > settingsLimits.rules) problems.push(placed(place, tooMany(settingsLimits.rules)));
  for (const [index, item] of list.data.slice(0, settingsLimits.rules).entries()) {
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
 * Reads every value of `callguard.workspace.limits`. The lowest cap of each kind applies. An unreadable value limits
 * nothing and is reported.
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

/** Reads every value of `callguard.workspace.models`. An empty list restricts nothing. A broken list denies all. */
export function parseWorkspaceModels(values: readonly unknown[]): { lists: string[][]; problems: Wording[] } {
  const parsed = values.map((value) => patternsSchema.safeParse(value));
  const problem = placed('callguard.workspace.models', (l10n) =>
    l10n.t('must be a list of model ids; until you fix it, no model is allowed'),
  );
  return {
    // A broken list was meant to restrict models, so it allows none until it is fixed.
    lists: parsed.map((list) => list.data ?? ['']).filter((list) => list.length > 0),
    problems: parsed.some((list) => !list.success) ? [problem] : [],
  };
}

/** Every cap that applies to a tenant's calls to a target, whose model is spelled as `countedModel` returns it. */
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

/** The scope with each `*` replaced by the call's value. Undefined if the rule does not apply to the call. */
function applyScope(scope: CapScope, call: CallProperties): CapScope | undefined {
  const names = ['tenant', 'provider', 'model'] as const;
  const matches = names.every((name) => {
    const pattern = scope[name];
    if (pattern === undefined || pattern === '*') return true;
    return name === 'model' ? isSameModel(pattern, call.model) : pattern === call[name];
  });
  if (!matches) return undefined;
  return Object.fromEntries(
    names.filter((name) => scope[name] !== undefined).map((name) => [name, call[name]]),
  );
}
