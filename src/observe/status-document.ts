import type {
  HoldsDocument,
  ProviderDocument,
  SafetyDocument,
  StatusDocument,
  UsageDocument,
} from '../api.ts';
import type { Circuit } from '../guard/breaker.ts';
import type { Target } from '../guard/call.ts';
import type { CapKind } from '../guard/caps.ts';
import { defaultTimeouts } from '../guard/resolved-target.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { UsageTotals } from '../ledger/readers.ts';
import { resolveModel, type Routes } from '../providers/rules/routes.ts';
import { countedModel } from '../providers/rules/counted-model.ts';
import { capsFor, type GuardSettings } from '../providers/rules/rulebook.ts';
import type { ProviderConfig } from '../providers/config/provider-config.ts';
import { defaultTenant } from '../providers/rules/tenants.ts';
import { describeKeyState, type KeyState } from '../vault/vault-refusal.ts';
import { health, lacksKey, readStatus, type ProviderStatus } from './status.ts';
import { successPercent } from './success.ts';

export interface StatusSettings extends GuardSettings {
  readonly defaultModel: string | undefined;
  readonly routes: Routes;
  readonly problems: readonly string[];
}

/**
 * The status of all providers, the same in every window: for tenant `default`, without the caps of a window's
 * workspace.
 */
export function readStatusDocument(
  store: LedgerStore,
  settings: StatusSettings,
  keys: ReadonlyMap<string, KeyState>,
): StatusDocument {
  const shared = { ...settings, workspaceLimits: {} };
  const status = readStatus(store, shared, defaultTenant, keys);
  const target = defaultTarget(settings);
  const providers = status.providers.map((provider) => providerDocument(store, provider, target, shared));
  const { kind, reason } = health(status);
  return {
    available: providers.some(({ active, circuit_state: state }) => active && state !== 'open'),
    provider: target?.provider ?? null,
    model: target?.model ?? null,
    providers,
    safety: safetyDocument(settings, target),
    usage: usageDocument(status.today, status.day),
    at: new Date(status.nowMs).toISOString(),
    health: kind,
    reason: reason ?? null,
    holds: holdsDocument(status.today),
    ledger: { ok: true, problem: null, audit_head: store.audit.head()?.seq ?? 0 },
    problems: settings.problems,
  };
}

/** The status while the ledger cannot be used: no provider is available, and nothing else is known. */
export function statusWithoutLedger(
  settings: StatusSettings,
  problem: string,
  nowMs: number,
): StatusDocument {
  const target = defaultTarget(settings);
  return {
    available: false,
    provider: target?.provider ?? null,
    model: target?.model ?? null,
    providers: [],
    safety: safetyDocument(settings, target),
    usage: usageDocument(undefined, null),
    at: new Date(nowMs).toISOString(),
    health: 'error',
    reason: problem,
    holds: holdsDocument(undefined),
    ledger: { ok: false, problem, audit_head: null },
    problems: settings.problems,
  };
}

function defaultTarget({ defaultModel, routes }: StatusSettings): Target | undefined {
  return defaultModel === undefined ? undefined : resolveModel(defaultModel, routes)?.targets[0];
}

function providerDocument(
  store: LedgerStore,
  provider: ProviderStatus,
  target: Target | undefined,
  settings: GuardSettings,
): ProviderDocument {
  const { config, today, key, paused, keyRejected } = provider;
  const model = target?.provider === config.id ? target.model : config.models[0];
  return {
    name: config.id,
    active: config.enabled && !paused && !keyRejected && !lacksKey(provider),
    model: model ?? null,
    last_ok: isoOf(provider.lastOkMs),
    failure_count: failuresInARow(store, provider),
    circuit_state: circuitStates[provider.circuit.kind],
    today_requests: today.requests,
    today_tokens: tokensOf(today),
    rate_limit_remaining: remaining(store, config, model, 'requestsPerDay', settings),
    tokens_remaining: remaining(store, config, model, 'tokensPerDay', settings),
    enabled: config.enabled,
    paused,
    key_state: key === undefined ? null : keyRejected ? 'rejected' : describeKeyState(key),
    out_of_credit: provider.outOfCredit,
    last_failure: isoOf(provider.lastFailureMs),
    last_failure_message: provider.lastFailure ?? null,
    today_cost_usd: usdOf(today.costMicroUsd),
    today_cost_unknown: today.unknownCost,
    holds: holdsDocument(today),
    rests: [...provider.rateLimitPauses].map(([model, untilMs]) => ({
      model,
      until: new Date(untilMs).toISOString(),
    })),
  };
}

/** A circuit that a user forced open has no failures to count. */
const circuitStates = { closed: 'closed', open: 'open', forcedOpen: 'open', halfOpen: 'half_open' } as const;

function failuresInARow(store: LedgerStore, provider: { config: ProviderConfig; circuit: Circuit }): number {
  const { circuit, config } = provider;
  if (circuit.kind === 'closed') return circuit.failures;
  return circuit.kind === 'forcedOpen' ? 0 : store.counters.failuresInARow(config.id);
}

/** What the tightest cap of this kind leaves for the model. Holds count as used. */
function remaining(
  store: LedgerStore,
  config: ProviderConfig,
  model: string | undefined,
  kind: CapKind,
  settings: GuardSettings,
): number | null {
  const useOf = store.capUse(store.now());
  const counted = countedModel(model ?? '', settings.providers.usable.values());
  const left = capsFor(config, { provider: config.id, model: counted }, defaultTenant, settings)
    .filter((cap) => cap.kind === kind)
    .map((cap) => {
      const { used, held } = useOf(cap);
      return Math.max(0, cap.limit - used - held);
    });
  return left.length === 0 ? null : Math.min(...left);
}

function safetyDocument({ providers }: GuardSettings, target: Target | undefined): SafetyDocument {
  const configs = [...providers.usable.values()];
  const { connectMs, readMs } =
    configs.find(({ id }) => id === target?.provider)?.timeouts ?? defaultTimeouts;
  return {
    timeouts: { connect: connectMs / 1_000, read: readMs / 1_000 },
    model_allowlists: Object.fromEntries(configs.map(({ id, policy }) => [id, policy.allow])),
    model_denylists: Object.fromEntries(configs.map(({ id, policy }) => [id, policy.deny])),
  };
}

function usageDocument(today: UsageTotals | undefined, day: string | null): UsageDocument {
  return {
    today_requests: today?.requests ?? 0,
    today_tokens: today === undefined ? 0 : tokensOf(today),
    success_rate: (today && successPercent(today)) ?? 100,
    day,
    today_cost_usd: usdOf(today?.costMicroUsd),
    today_cost_unknown: today?.unknownCost ?? 0,
  };
}

function holdsDocument(today: UsageTotals | undefined): HoldsDocument {
  return {
    requests: today?.heldRequests ?? 0,
    tokens: today?.heldTokens ?? 0,
    cost_usd: usdOf(today?.heldMicroUsd),
  };
}

function tokensOf({ inputTokens, outputTokens }: UsageTotals): number {
  return inputTokens + outputTokens;
}

function usdOf(microUsd = 0): number {
  return microUsd / 1e6;
}

function isoOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
