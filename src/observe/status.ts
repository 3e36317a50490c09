import type { Circuit } from '../guard/breaker.ts';
import type { Cap, CapUse } from '../guard/caps.ts';
import { capUse } from '../ledger/cap-use.ts';
import type { LedgerStore } from '../ledger/store.ts';
import type { UsageTotals } from '../ledger/usage-table.ts';
import { capsFor, type GuardSettings } from '../providers/rulebook.ts';
import type { ProviderConfig } from '../providers/settings.ts';

/** One cap of a provider, and how full it is. */
export interface CapStatus extends CapUse {
  readonly cap: Cap;
}

/** What is known of a provider, from the ledger and the settings alone, so that all windows agree. */
export interface ProviderStatus {
  readonly config: ProviderConfig;
  readonly circuit: Circuit;
  readonly paused: boolean;
  readonly keyRejected: boolean;
  readonly outOfCredit: boolean;
  /** Models that rest, and until when, in wall-clock milliseconds. */
  readonly rests: ReadonlyMap<string, number>;
  readonly today: UsageTotals;
  /** The caps that hold for the tenant, the tightest first. */
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

/** How full a cap is, from 0 to 1 and beyond; holds count. */
export function fullness({ cap, used, held }: CapStatus): number {
  if (cap.limit === 0) return 1;
  return (used + held) / cap.limit;
}

/** Reads the status of every usable provider, for one tenant's caps. */
export function readStatus(store: LedgerStore, settings: GuardSettings, tenant: string): Status {
  const moment = store.now();
  const { nowMs, day } = moment;
  const providers = [...settings.providers.usable.values()].map((config): ProviderStatus => {
    const { outOfCredit, keyRejected, ...state } = store.providers.get(config.id);
    const model = config.models[0] ?? '';
    const caps = capsFor(config, { provider: config.id, model }, tenant, settings)
      .map((cap) => ({ cap, ...capUse(store, cap, moment) }))
      .sort((a, b) => fullness(b) - fullness(a));
    return {
      config,
      ...state,
      keyRejected: keyRejected !== undefined,
      outOfCredit: outOfCredit !== undefined,
      rests: store.providers.rests(config.id, nowMs),
      today: store.usage.totals(day, day, { provider: config.id }),
      caps,
    };
  });
  return { nowMs, day, providers, today: store.usage.totals(day, day, {}) };
}

/** The worst of all providers in one word, with the reason where it is not plain. */
export type Health =
  | { readonly kind: 'healthy' | 'empty'; readonly reason?: undefined }
  | { readonly kind: 'warning' | 'error'; readonly reason: string };

/** A cap this full is worth a warning. */
const nearlyFull = 0.8;

/** Whether a provider can be called at all now; a resting model does not stop the others. */
export function isCallable(provider: ProviderStatus): boolean {
  const { circuit, config } = provider;
  const open = circuit.kind === 'open' || circuit.kind === 'tripped';
  return config.enabled && !provider.paused && !provider.outOfCredit && !provider.keyRejected && !open;
}

/** Error only when nothing can be called; a warning for a half-open breaker or a cap that is nearly full. */
export function health(status: Status | undefined): Health {
  const enabled = status?.providers.filter(({ config }) => config.enabled) ?? [];
  if (enabled.length === 0) return { kind: 'empty' };
  if (!enabled.some(isCallable)) {
    return { kind: 'error', reason: `no provider can be called: ${enabled.map(stateInWords).join('; ')}` };
  }
  for (const provider of enabled) {
    if (!isCallable(provider)) return { kind: 'warning', reason: stateInWords(provider) };
    if (provider.circuit.kind === 'halfOpen') return { kind: 'warning', reason: stateInWords(provider) };
    const tightest = provider.caps[0];
    if (tightest !== undefined && fullness(tightest) >= nearlyFull) {
      const percent = Math.floor(fullness(tightest) * 100);
      return { kind: 'warning', reason: `${provider.config.id}: a cap is ${percent} % used` };
    }
  }
  return { kind: 'healthy' };
}

/** 'openai: circuit open'. */
export function stateInWords(provider: ProviderStatus): string {
  return `${provider.config.id}: ${stateWord(provider)}`;
}

function stateWord(provider: ProviderStatus): string {
  if (!provider.config.enabled) return 'disabled';
  if (provider.paused) return 'paused';
  if (provider.keyRejected) return 'key rejected';
  if (provider.outOfCredit) return 'out of credit';
  return circuitWords[provider.circuit.kind];
}

/** The circuit's states as they are shown; the words of a half-open one say what it waits for. */
export const circuitWords: Readonly<Record<Circuit['kind'], string>> = {
  closed: 'circuit closed',
  open: 'circuit open',
  halfOpen: 'circuit half-open, one probe under way',
  tripped: 'taken out of service by hand',
};
