import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import type { Result } from '../shared/result.ts';
import type { Call } from './call.ts';
import type { Ledger } from './ledger-port.ts';
import type { Refusal } from './refusal.ts';
import type { Resolve, ResolvedTarget } from './resolved-target.ts';
import type { Credentials, Sender } from './sender-port.ts';

/** What the guard needs from the other rooms. */
export interface GuardPorts<T extends ResolvedTarget> {
  /** Called once for each target of a call. No port below looks a provider up again. */
  readonly resolve: Resolve<T>;
  /** Why a target can no longer be called as it was resolved. Called before every attempt, so it must be cheap. */
  readonly recheck: (resolved: T) => Refusal | undefined;
  readonly checkPrompt: PromptCheck;
  readonly ledger: Ledger;
  /** Called once for each leg. */
  readonly openKey: (resolved: T) => Promise<Result<Credentials, Refusal>>;
  readonly sender: Sender<T>;
  readonly clock: Clock;
  readonly random: Random;
  /** Called when the ledger could not store what a call did. The call itself is not affected. */
  readonly onLedgerTrouble: (error: unknown) => void;
}

/** May change the prompt (redact) or refuse the call, before anything is reserved. */
export type PromptCheck = (call: Call) => Promise<Result<Call['prompt'], Refusal>>;
