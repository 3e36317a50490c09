import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import type { Result } from '../shared/result.ts';
import type { Secret } from '../shared/secret.ts';
import type { Ledger } from './ledger-port.ts';
import type { Refusal } from './refusal.ts';
import type { PromptCheck, Rulebook } from './rules.ts';
import type { Sender } from './sender-port.ts';

/** What the guard needs of the rest of the house. */
export interface GuardPorts {
  readonly rulebook: Rulebook;
  readonly checkPrompt: PromptCheck;
  readonly ledger: Ledger;
  /** The provider's key in the clear; undefined for a provider that needs none. */
  readonly openKey: (provider: string) => Promise<Result<Secret | undefined, Refusal>>;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly random: Random;
  /** Told when the ledger could not keep what a call did, which no longer concerns the call itself. */
  readonly onLedgerTrouble: (error: unknown) => void;
}
