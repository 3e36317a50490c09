import { createHash } from 'node:crypto';
import type { Call, Target } from '../../guard/call.ts';
import { isSameModel, writtenModel } from '../../guard/model-name.ts';
import type { Price, PriceSource } from '../../guard/price.ts';
import type { Refusal } from '../../guard/refusal.ts';
import type { Resolve, ResolvedTarget } from '../../guard/resolved-target.ts';
import type { L10n } from '../../shared/l10n.ts';
import { settingsLimits } from '../../shared/limits/settings-limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Secret } from '../../shared/secret.ts';
import { providerKind } from '../config/catalogue.ts';
import type { ProviderConfig, Providers } from '../config/provider-config.ts';
import type { FactsLookup } from '../pricing/model-facts.ts';
import { countedModel } from './counted-model.ts';
import { capsFor, type GuardSettings } from './rulebook.ts';

/** A provider as one call, or one list of its models, uses it. */
export interface ResolvedProvider {
  readonly config: ProviderConfig;
  /** The key of a draft, used instead of the vault's. Undefined if the vault has the key. */
  readonly draftKey: Secret | undefined;
}

/** Everything that a leg needs of its provider. Key opener and sender get nothing else. */
export interface ProviderTarget extends ResolvedTarget, ResolvedProvider {
  /** The settings it was read from. Undefined for a draft, which no change of the settings concerns. */
  readonly settings: GuardSettings | undefined;
  /** Whether the model thinks; undefined if that is unknown. */
  readonly reasons: boolean | undefined;
}

export interface Resolver {
  readonly resolve: Resolve<ProviderTarget>;
  /** Resolves every target to a provider under set-up, which the settings do not have yet. */
  readonly resolveDraft: (draft: ResolvedProvider) => Resolve<ProviderTarget>;
  /** See `GuardPorts`. Refuses a provider whose origin changed, or that was removed, disabled or broken. */
  readonly recheck: (resolved: ProviderTarget) => Refusal | undefined;
}

interface Cache {
  readonly settings: GuardSettings;
  readonly lookup: FactsLookup;
  readonly targets: Map<string, ProviderTarget>;
}

/**
 * Looks providers up in the settings. `settings` and `lookup` return the same object until something changes, so that
 * each target is put together once per version of the settings.
 */
export function createResolver(settings: () => GuardSettings, lookup: () => FactsLookup): Resolver {
  let cache: Cache | undefined;
  const cachedTargets = (): Cache => {
    if (cache?.settings !== settings() || cache.lookup !== lookup())
      cache = { settings: settings(), lookup: lookup(), targets: new Map() };
    return cache;
  };
  return {
    resolve: (target, call) => {
      const { settings: current, targets } = cachedTargets();
      const key = JSON.stringify([call.source, call.tenant, target.provider, target.model]);
      const known = targets.get(key);
      if (known !== undefined) return ok(known);
      const config = callableProvider(current.providers, target.provider);
      if (!config.ok) return config;
      const provider = { config: config.value, draftKey: undefined, settings: current };
      const resolved = targetOf(provider, target, call, current, lookup());
      if (targets.size >= settingsLimits.resolved) targets.clear();
      targets.set(key, resolved);
      return ok(resolved);
    },
    resolveDraft: (draft) => (target, call) =>
      draft.config.enabled
        ? ok(targetOf({ ...draft, settings: undefined }, target, call, settings(), lookup()))
        : err(disabled(draft.config.id)),
    recheck: (resolved) => {
      const current = settings();
      if (resolved.settings === undefined || resolved.settings === current) return undefined;
      const config = callableProvider(current.providers, resolved.config.id);
      return config.ok ? moved(resolved.config, config.value) : config.error;
    },
  };
}

/** A provider that may be called, or why it may not. */
function callableProvider(providers: Providers, id: string): Result<ProviderConfig, Refusal> {
  const config = providers.usable.get(id);
  if (config !== undefined) return config.enabled ? ok(config) : err(disabled(id));
  const broken = providers.broken.find((entry) => entry.id === id);
  const problem = (l10n: L10n): string =>
    broken === undefined
      ? l10n.t('there is no such provider in callguard.providers.')
      : l10n.t(
          'its settings are invalid: {0}. Fix them in callguard.providers.',
          broken.problems.map((each) => withoutPlace(each(l10n), id)).join('; '),
        );
  return err({ kind: 'settings', provider: id, problem });
}

/** A problem as `baseUrl: …`. The refusal begins with the provider's id already. */
function withoutPlace(problem: string, id: string): string {
  return problem.startsWith(`${id}.`) ? problem.slice(id.length + 1) : problem;
}

function disabled(provider: string): Refusal {
  const problem = (l10n: L10n) => l10n.t('the provider is disabled. Enable it in callguard.providers.');
  return { kind: 'settings', provider, problem };
}

/** The refusal of a call to a provider that now has another address. */
function moved({ id: provider, origin: approved }: ProviderConfig, now: ProviderConfig): Refusal | undefined {
  const asked = now.origin;
  if (approved === asked) return undefined;
  if (approved !== undefined && asked !== undefined) return { kind: 'origin', provider, approved, asked };
  const problem = (l10n: L10n) => l10n.t('its kind changed during the call. Send the request again.');
  return { kind: 'settings', provider, problem };
}

function targetOf(
  provider: ResolvedProvider & Pick<ProviderTarget, 'settings'>,
  asked: Target,
  call: Call,
  settings: GuardSettings,
  lookup: FactsLookup,
): ProviderTarget {
  const { config } = provider;
  const wireModel = wireModelOf(config, asked.model);
  const counted = countedModel(asked.model, [...settings.providers.usable.values(), config]);
  const target = { provider: asked.provider, model: counted };
  const facts = { ...lookup(config, counted), ...lookup(config, wireModel) };
  // A workspace narrows the calls of its own editor only.
  const narrowing = call.source === 'editor' ? settings : { workspaceModels: [], workspaceLimits: {} };
  return Object.freeze({
    ...provider,
    target,
    wireModel,
    policy: config.policy,
    workspaceModels: narrowing.workspaceModels,
    caps: capsFor(config, target, call.tenant, { ...settings, ...narrowing }),
    circuit: config.circuit,
    timeouts: config.timeouts,
    retry: config.retry,
    // The user's own price comes first: it may be that of a contract.
    ...pricedBy(
      ['settings', ownPrice(config, wireModel)],
      ['free', freePrice(config, wireModel)],
      ['priceList', facts.price],
    ),
    unknownPriceAllowed: config.unknownPriceAllowed,
    // Where a model's own limit is unknown, its output still fits into the context.
    assumedOutputTokens: Math.min(
      config.assumedOutputTokens,
      facts.maxOutputTokens ?? Infinity,
      facts.contextTokens ?? Infinity,
    ),
    strict: config.strictLimits,
    reasons: facts.reasoning,
    configFingerprint: configFingerprint(config),
  });
}

/** The provider gets the spelling of its list, else the client's. */
function wireModelOf({ models }: ProviderConfig, asked: string): string {
  if (models.includes(asked)) return asked;
  return models.find((model) => isSameModel(model, asked)) ?? writtenModel(asked);
}

/** The first price that there is. */
function pricedBy(
  ...prices: readonly (readonly [PriceSource, Price | undefined])[]
): Pick<ResolvedTarget, 'price' | 'priceSource'> {
  const [priceSource, price] = prices.find(([, each]) => each !== undefined) ?? [];
  return { price, priceSource };
}

/** The price of the exact name comes first. */
function ownPrice({ prices }: ProviderConfig, wireModel: string): Price | undefined {
  const names = Object.keys(prices);
  const name = names.includes(wireModel) ? wireModel : names.find((each) => isSameModel(each, wireModel));
  return name === undefined ? undefined : prices[name];
}

const nothing: Price = { inputUsdPerMillion: 0, cachedInputUsdPerMillion: 0, outputUsdPerMillion: 0 };

/** Models on the user's own machine, and those that a provider marks as free. */
function freePrice({ kind }: ProviderConfig, wireModel: string): Price | undefined {
  const { isFree, freeModels } = providerKind(kind);
  return isFree === true || freeModels?.test(wireModel) === true ? nothing : undefined;
}

const fingerprints = new WeakMap<ProviderConfig, string>();

/** Differs whenever the provider's settings differ. See `AdmitRequest.configFingerprint`. */
export function configFingerprint(config: ProviderConfig): string {
  const known = fingerprints.get(config);
  if (known !== undefined) return known;
  const fingerprint = createHash('sha256').update(JSON.stringify(config)).digest('base64url').slice(0, 12);
  fingerprints.set(config, fingerprint);
  return fingerprint;
}
