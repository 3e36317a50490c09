import { defaultCircuitOptions } from '../guard/breaker.ts';
import type { CallResult } from '../guard/call-state.ts';
import { judge } from '../guard/outcome.ts';
import { ReportedStates } from '../shared/reported-states.ts';
import { assertNever } from '../shared/result.ts';
import type { Clock } from '../shared/clock.ts';

/**
 * A problem that keeps calls from being answered. The user should see it whichever front door the call came through.
 */
export interface Trouble {
  readonly kind: 'key' | 'outOfCredit' | 'circuit' | 'offline';
  readonly provider: string;
}

/** The trouble that a call met; undefined if the problem is the call's own or the user's decision. */
export function troubleOf(result: CallResult): Trouble | undefined {
  const kind = kindOf(result);
  if (kind === undefined) return undefined;
  const provider =
    result.kind === 'refused' && 'provider' in result.refusal
      ? result.refusal.provider
      : result.target.provider;
  return { kind, provider };
}

function kindOf(result: CallResult): Trouble['kind'] | undefined {
  if (result.kind === 'refused') {
    const { refusal } = result;
    if (refusal.kind === 'vault' || refusal.kind === 'origin') return 'key';
    if (refusal.kind === 'circuit') return refusal.state === 'open' ? 'circuit' : undefined;
    return refusal.kind === 'outOfCredit' ? 'outOfCredit' : undefined;
  }
  if (result.kind !== 'failed') return undefined;
  const { consequence } = judge(result.failure);
  switch (consequence?.kind) {
    case 'keyRejected':
      return 'key';
    case 'outOfCredit':
    case 'offline':
      return consequence.kind;
    case 'rateLimitPause':
    case undefined:
      return undefined;
    default:
      return assertNever(consequence);
  }
}

/** A circuit or network that was quiet for less than this is still in the same trouble. */
const quietMs = defaultCircuitOptions.maxCooldownMs;

/** Which troubles the user was notified of. Neither many calls nor a state that flaps may cause many messages. */
export class ReportedTroubles {
  readonly #clock: Clock;
  readonly #states = new ReportedStates();
  /** When each trouble was last met. */
  readonly #metMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether to notify the user now. From now on the trouble counts as reported. */
  isNews(trouble: Trouble): boolean {
    const state = stateOf(trouble);
    const nowMs = this.#clock.monotonicMs();
    const quietForMs = nowMs - (this.#metMs.get(state) ?? nowMs);
    if (comesAndGoes(trouble.kind) && quietForMs > quietMs) this.#states.over(state);
    this.#metMs.set(state, nowMs);
    return this.#states.isNews(state);
  }

  /** The provider answered, so its credit is not used up. */
  answered(provider: string): void {
    this.#states.over(stateOf({ kind: 'outOfCredit', provider }));
  }

  /** The provider has another key. */
  keyChanged(provider: string): void {
    for (const kind of ['key', 'outOfCredit'] as const) this.#states.over(stateOf({ kind, provider }));
  }
}

/** Without a network no provider can be reached, so one message stands for all of them. */
function stateOf({ kind, provider }: Trouble): string {
  return kind === 'offline' ? kind : `${kind} ${provider}`;
}

/** The others last until the user acts. */
function comesAndGoes(kind: Trouble['kind']): boolean {
  switch (kind) {
    case 'circuit':
    case 'offline':
      return true;
    case 'key':
    case 'outOfCredit':
      return false;
    default:
      return assertNever(kind);
  }
}
