import { createGuard, type Guard } from '../../src/guard/guard.ts';
import type { Ledger } from '../../src/guard/ledger-port.ts';
import type { Sender } from '../../src/guard/sender-port.ts';
import type { ProviderTarget } from '../../src/providers/rules/resolver.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { ok } from '../../src/shared/result.ts';
import { answer, callOf, noCredentials, resolvedTarget, type TargetRules } from '../support/guard-fixture.ts';

/** Answers at once with one word: what is left is the guard's own cost. */
export const instantSender: Sender<ProviderTarget> = { send: answer('Hello') };

export function guardOver(ledger: Ledger, rules: Partial<TargetRules> = {}): Guard {
  // The resolver caches its targets, too.
  const resolved = ok(resolvedTarget(callOf().targets[0], rules));
  return createGuard({
    resolve: () => resolved,
    recheck: () => undefined,
    checkPrompt: (call) => Promise.resolve(ok(call.prompt)),
    ledger,
    openKey: () => Promise.resolve(ok(noCredentials)),
    sender: instantSender,
    clock: systemClock,
    random: systemRandom,
    onLedgerTrouble: (error) => {
      throw error;
    },
  });
}
