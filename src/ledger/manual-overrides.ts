import { resetCircuit, forceOpen } from '../guard/breaker.ts';
import { assertNever } from '../shared/result.ts';
import type { ProviderState } from './tables/provider-table.ts';
import type { LedgerStore } from './ledger-store.ts';

/** What a user does to a provider directly. */
export const manualOverrides = ['forceOpen', 'reset', 'pause', 'resume'] as const;

export type ManualOverride = (typeof manualOverrides)[number];

/** Does it in all windows, for good, and leaves one audit row in the same transaction. */
export function actOnProvider(
  store: LedgerStore,
  provider: string,
  act: ManualOverride,
): Promise<ProviderState> {
  return store.write(({ nowMs }) => {
    const state = afterAct(store.providers.get(provider), act);
    store.providers.put(provider, state);
    if (act === 'reset') store.providers.endRateLimitPauses(provider);
    store.audit.appendAct(nowMs, act, { provider });
    return state;
  });
}

/** Wants the gateway, or does no longer, in all windows and for good; leaves one audit row if that is a change. */
export function wantGateway(store: LedgerStore, wanted: boolean): Promise<void> {
  return store.write(({ nowMs }) => {
    if (!store.gateway.want(wanted)) return;
    store.audit.appendAct(nowMs, wanted ? 'startGateway' : 'stopGateway');
  });
}

function afterAct(state: ProviderState, act: ManualOverride): ProviderState {
  switch (act) {
    case 'forceOpen':
      return { ...state, circuit: forceOpen(state.circuit) };
    case 'reset':
      return { ...state, circuit: resetCircuit(state.circuit), outOfCredit: undefined };
    case 'pause':
      return { ...state, paused: true };
    case 'resume':
      return { ...state, paused: false };
    default:
      return assertNever(act);
  }
}
