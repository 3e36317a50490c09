import { createGuard, type Guard } from '../../src/guard/guard.ts';
import type { Ledger } from '../../src/guard/ledger-port.ts';
import type { TargetRules } from '../../src/guard/rules.ts';
import type { Sender } from '../../src/guard/sender-port.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { ok } from '../../src/shared/result.ts';
import { answer, openAll } from '../support/guard-fixture.ts';

/** Answers at once with one word: what is left is the guard's own cost. */
export const instantSender: Sender = { send: answer('Hello') };

export function guardOver(ledger: Ledger, rules: Partial<TargetRules> = {}): Guard {
  return createGuard({
    rulebook: { rulesFor: () => ok({ ...openAll, ...rules }) },
    checkPrompt: (call) => Promise.resolve(ok(call.prompt)),
    ledger,
    openKey: () => Promise.resolve(ok(undefined)),
    sender: instantSender,
    clock: systemClock,
    random: systemRandom,
    onLedgerTrouble: (error) => {
      throw error;
    },
  });
}
