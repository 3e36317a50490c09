import { forceOpen, resetCircuit } from '../guard/breaker.ts';
import { assertNever } from '../shared/result.ts';
import type { ProviderState } from './readers.ts';

/** The changes that a user can make to the state of a provider. */
export const manualOverrides = ['forceOpen', 'reset', 'pause', 'resume'] as const;

export type ManualOverride = (typeof manualOverrides)[number];

export function afterOverride(state: ProviderState, override: ManualOverride): ProviderState {
  switch (override) {
    case 'forceOpen':
      return { ...state, circuit: forceOpen(state.circuit) };
    case 'reset':
      return { ...state, circuit: resetCircuit(state.circuit), outOfCredit: undefined };
    case 'pause':
      return { ...state, paused: true };
    case 'resume':
      return { ...state, paused: false };
    default:
      return assertNever(override);
  }
}
