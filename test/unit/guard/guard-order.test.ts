import assert from 'node:assert/strict';
import type { Refusal } from '../../../src/guard/refusal.ts';
import { err, ok } from '../../../src/shared/result.ts';
import {
  answer,
  callOf,
  guardWith,
  hear,
  noCredentials,
  type TargetRules,
} from '../../support/guard-fixture.ts';

describe('createGuard: order', () => {
  const steps = ['prompt check', 'admission', 'key', 'attempt'];
  const denied = { allow: [], deny: ['*'], default: 'allow' } as const;
  const full = [{ kind: 'requestsPerDay', limit: 0, scope: {} }] as const;
  const noKey: Refusal = { kind: 'vault', provider: 'acme', problem: () => 'no key' };
  const secret: Refusal = { kind: 'promptSecret', what: () => 'an OpenAI key' };
  const refusals: [by: string, rules: Partial<TargetRules>, refusal: Refusal | undefined, touched: number][] =
    [
      ['policy', { policy: denied }, undefined, 0],
      ['the outgoing-prompt check', {}, secret, 1],
      ['a cap', { caps: full }, undefined, 2],
      ['the vault', {}, noKey, 3],
      ['no step', {}, undefined, 4],
    ];
  for (const [by, rules, refusal, touched] of refusals) {
    it(`runs no later step when ${by} refuses a call`, async () => {
      const seen: string[] = [];
      const { guard, ledger, sender } = guardWith([answer('x')], rules, {
        checkPrompt: ({ prompt }) => {
          seen.push('prompt check');
          return Promise.resolve(refusal === secret ? err(refusal) : ok(prompt));
        },
        openKey: () => {
          seen.push('key');
          return Promise.resolve(refusal === noKey ? err(refusal) : ok(noCredentials));
        },
      });
      const admit = ledger.admit.bind(ledger);
      ledger.admit = (request) => {
        seen.push('admission');
        return admit(request);
      };
      const send = sender.send.bind(sender);
      sender.send = (attempt) => {
        seen.push('attempt');
        return send(attempt);
      };
      await hear(guard.run(callOf()));
      assert.deepEqual(seen, steps.slice(0, touched));
    });
  }
});
