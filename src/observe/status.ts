import { isPerSession } from '../guard/caps.ts';
import type { Circuit } from '../guard/breaker.ts';
import type { Cap, CapUse } from '../guard/caps.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { UsageTotals } from '../ledger/readers.ts';
import { configFingerprint } from '../providers/rules/resolver.ts';
import { countedModel } from '../providers/rules/counted-model.ts';
import { capsFor, type GuardSettings } from '../providers/rules/rulebook.ts';
import type { ProviderConfig } from '../providers/config/provider-config.ts';
import { english, type L10n } from '../shared/l10n.ts';
import { describeKeyState, type KeyState } from '../vault/vault-refusal.ts';
import { nearlyFull } from './nearly-full.ts';

/** One cap of a provider, and how full it is. */
export interface CapStatus extends CapUse {
  readonly cap: Cap;
}

/** What the ledger and the settings know of a provider. All windows agree on it. */
export interface ProviderStatus {
  readonly config: ProviderConfig;
  /** Undefined for a provider without a key, such as the sandbox. */
  readonly key: KeyState | undefined;
  readonly circuit: Circuit;
  readonly paused: boolean;
  readonly keyRejected: boolean;
  readonly outOfCredit: boolean;
  /** Models in a rate-limit pause, and its end in wall-clock milliseconds. */
  readonly rateLimitPauses: ReadonlyMap<string, number>;
  readonly today: UsageTotals;
  /** The caps that apply to the tenant, the tightest first. */
  readonly caps: readonly CapStatus[];
  readonly lastOkMs: number | undefined;
  readonly lastFailureMs: number | undefined;
  /** Sanitized. */
  readonly lastFailure: string | undefined;
}

export interface Status {
  readonly nowMs: number;
  readonly day: string;
  readonly providers: readonly ProviderStatus[];
  readonly today: UsageTotals;
}

/** How full a cap is: 0 is empty, 1 is full, and more is possible. Holds count. */
export function fullness({ cap, used, held }: CapStatus): number {
  if (cap.limit === 0) return 1;
  return (used + held) / cap.limit;
}

/** Reads the status of every usable provider, with the caps of one tenant. The caller gives the state of each key. */
export function readStatus(
  store: LedgerStore,
  settings: GuardSettings,
  tenant: string,
  keys: ReadonlyMap<string, KeyState>,
): Status {
  const moment = store.now();
  const { nowMs, day } = moment;
  const useOf = store.capUse(moment);
  const providers = [...settings.providers.usable.values()].map((config): ProviderStatus => {
    const { outOfCredit, keyRejected, ...state } = store.providers.get(config.id);
    const model = countedModel(config.models[0] ?? '', settings.providers.usable.values());
    const caps = capsFor(config, { provider: config.id, model }, tenant, settings)
      .filter(({ kind }) => !isPerSession(kind))
      .map((cap) => ({ cap, ...useOf(cap) }))
      .sort((a, b) => fullness(b) - fullness(a));
    return {
      config,
      key: keys.get(config.id),
      ...state,
      lastOkMs: store.providers.lastOkMs(config.id),
      keyRejected: keyRejected === configFingerprint(config),
      outOfCredit: outOfCredit === configFingerprint(config),
      rateLimitPauses: store.providers.rateLimitPauses(config.id, nowMs),
      today: store.usage.totals(day, day, { provider: config.id }),
      caps,
    };
  });
  return { nowMs, day, providers, today: store.usage.totals(day, day, {}) };
}

/** The worst state of all providers in one word, with a reason unless it is plain. */
export type Health =
  | { readonly kind: 'healthy' | 'empty'; readonly reason?: undefined }
  | { readonly kind: 'warning' | 'error'; readonly reason: string };

/**
 * Whether a provider can be called now, and if not, why. One model in a rate-limit pause does not stop the others.
 */
export type ProviderCondition =
  | { readonly kind: 'callable'; readonly words?: undefined }
  | { readonly kind: 'probing' | 'blocked'; readonly words: string };

export function stateOf(provider: ProviderStatus, l10n: L10n = english): ProviderCondition {
  if (!provider.config.enabled) return { kind: 'blocked', words: l10n.t('disabled') };
  if (provider.paused) return { kind: 'blocked', words: l10n.t('paused') };
  if (lacksKey(provider)) return { kind: 'blocked', words: keyWords(provider.key, l10n) };
  if (provider.keyRejected) return { kind: 'blocked', words: l10n.t('key rejected') };
  if (provider.outOfCredit) return { kind: 'blocked', words: l10n.t('out of credit') };
  switch (provider.circuit.kind) {
    case 'closed':
      return { kind: 'callable' };
    case 'halfOpen':
      return { kind: 'probing', words: l10n.t('circuit half-open') };
    case 'open':
    case 'forcedOpen':
      return { kind: 'blocked', words: l10n.t('circuit {0}', circuitWords(provider.circuit.kind, l10n)) };
  }
}

/** The words of these states are about the key, and those of the others about what keeps it. */
const ofKey: ReadonlySet<KeyState['kind']> = new Set([
  'set',
  'notSet',
  'lost',
  'locked',
  'originChanged',
  'broken',
  'rolledBack',
]);

function keyWords(key: KeyState, l10n: L10n): string {
  const words = describeKeyState(key, l10n);
  return ofKey.has(key.kind) ? l10n.t('key {0}', words) : words;
}

/** Whether the key's state keeps the provider from being called. */
export function lacksKey<T extends Pick<ProviderStatus, 'config' | 'key'>>(
  provider: T,
): provider is T & { readonly key: KeyState } {
  const { config, key } = provider;
  if (key === undefined || key.kind === 'set') return false;
  return key.kind === 'notSet' ? config.keyNeed === 'required' : true;
}

/** 'error' only if no provider can be called; 'warning' if one cannot, or if a cap is nearly full. */
export function health(status: Status | undefined, l10n: L10n = english): Health {
  const enabled = status?.providers.filter(({ config }) => config.enabled) ?? [];
  if (enabled.length === 0) return { kind: 'empty' };
  const troubles = enabled.flatMap((provider) => {
    const { words } = stateOf(provider, l10n);
    return words === undefined ? [] : [`${provider.config.id}: ${words}`];
  });
  if (enabled.every((provider) => stateOf(provider).kind === 'blocked')) {
    return { kind: 'error', reason: l10n.t('no provider can be called. {0}', troubles.join('; ')) };
  }
  const [trouble] = troubles;
  if (trouble !== undefined) return { kind: 'warning', reason: trouble };
  for (const { config, caps } of enabled) {
    const [tightest] = caps;
    if (tightest !== undefined && fullness(tightest) >= nearlyFull) {
      return {
        kind: 'warning',
        reason: l10n.t('{0}: {1}% of a cap is used', config.id, Math.floor(fullness(tightest) * 100)),
      };
    }
  }
  return { kind: 'healthy' };
}

/** The states of a circuit as they are shown. */
export function circuitWords(kind: Circuit['kind'], l10n: L10n = english): string {
  switch (kind) {
    case 'closed':
      return l10n.t('closed');
    case 'open':
      return l10n.t('open');
    case 'halfOpen':
      return l10n.t('half-open, probe in progress');
    case 'forcedOpen':
      return l10n.t('forced open');
  }
}
