import assert from 'node:assert/strict';
import { capKinds, type CapKind, type CapScope } from '../../../src/guard/caps.ts';
import {
  allowsNextTarget,
  describeRefusal,
  describeScope,
  retryAtMs,
  type Refusal,
  type RefusalKind,
} from '../../../src/guard/refusal.ts';

const nowMs = Date.UTC(2026, 0, 15, 12);
const provider = 'acme';
const capOf = (
  kind: CapKind,
  use: { used: number; held: number; limit: number; resetsAtMs?: number },
): Refusal => {
  const { limit, ...rest } = use;
  return { kind: 'cap', provider, cap: { scope: { provider }, kind, limit }, ...rest };
};

/** One of each kind, the words that a person reads, and whether a route goes on. */
const worded: Record<RefusalKind, { refusal: Refusal; words: string; goesOn: boolean }> = {
  settings: {
    refusal: {
      kind: 'settings',
      provider,
      problem: () => "'baseUrl' is not a URL. Correct it in the settings.",
    },
    words: "acme: 'baseUrl' is not a URL. Correct it in the settings.",
    goesOn: false,
  },
  policy: {
    refusal: { kind: 'policy', provider, model: 'big', denial: { rule: 'deny', pattern: 'b*' } },
    words: "acme/big is denied by the pattern 'b*' in the provider's models.deny.",
    goesOn: false,
  },
  circuit: {
    refusal: { kind: 'circuit', provider, state: 'open', retryAtMs: nowMs + 45_000 },
    words: 'acme failed repeatedly, so its circuit is open. Try again in 45 s.',
    goesOn: true,
  },
  paused: {
    refusal: { kind: 'paused', provider },
    words: 'acme is paused. Resume it to send requests.',
    goesOn: true,
  },
  rest: {
    refusal: { kind: 'rest', provider, model: 'big', retryAtMs: nowMs + 20_000 },
    words: 'acme is rate limiting big (HTTP 429). Try again in 20 s.',
    goesOn: true,
  },
  outOfCredit: {
    refusal: { kind: 'outOfCredit', provider },
    words: 'acme reports that your credit or quota is used up. Top up your account, then reset the circuit.',
    goesOn: true,
  },
  cap: {
    refusal: capOf('requestsPerDay', {
      used: 900,
      held: 100,
      limit: 1_000,
      resetsAtMs: nowMs + 12 * 3_600_000,
    }),
    words:
      'This call would exceed the cap of 1,000 requests a day for acme: 900 used, 100 reserved by calls in progress. ' +
      'Try again in 12 h 0 min.',
    goesOn: true,
  },
  vault: {
    refusal: { kind: 'vault', provider, problem: () => 'there is no key. Add one.' },
    words: 'acme: there is no key. Add one.',
    goesOn: false,
  },
  origin: {
    refusal: { kind: 'origin', provider, approved: 'https://a.example', asked: 'https://b.example' },
    words:
      'The key of acme was approved for https://a.example, but the base URL now points to https://b.example. ' +
      'Confirm the new address or enter the key again.',
    goesOn: false,
  },
  promptSecret: {
    refusal: { kind: 'promptSecret', what: () => 'an OpenAI key' },
    words: 'The prompt was not sent because it contains a secret: an OpenAI key.',
    goesOn: false,
  },
  ledger: {
    refusal: { kind: 'ledger', problem: 'database or disk is full' },
    words: 'The request was not sent because the ledger cannot be used: database or disk is full',
    goesOn: false,
  },
};

describe('describeRefusal', () => {
  for (const [kind, { refusal, words }] of Object.entries(worded)) {
    it(`words '${kind}' with what happened, the provider and what to do`, () => {
      assert.equal(describeRefusal(refusal, nowMs), words);
    });
  }

  const denials: [Refusal & { kind: 'policy' }, RegExp][] = [
    [{ kind: 'policy', provider, model: 'big', denial: { rule: 'notAllowed' } }, /acme\/big .*models\.allow/],
    [{ kind: 'policy', provider, model: 'big', denial: { rule: 'default' } }, /acme\/big .*models\.default/],
    [
      { kind: 'policy', provider, model: 'big', denial: { rule: 'workspace' } },
      /callguard\.workspace\.models/,
    ],
  ];
  for (const [refusal, words] of denials) {
    it(`names the setting of the rule '${refusal.denial.rule}'`, () => {
      assert.match(describeRefusal(refusal, nowMs), words);
    });
  }

  it('distinguishes a circuit that a user forced open from one that is being probed', () => {
    assert.match(
      describeRefusal({ kind: 'circuit', provider, state: 'forcedOpen' }, nowMs),
      /forced open. Reset/,
    );
    assert.match(describeRefusal({ kind: 'circuit', provider, state: 'halfOpen' }, nowMs), /one probe/);
  });

  it('words every kind of cap differently', () => {
    const words = capKinds.map((kind) => describeRefusal(capOf(kind, { used: 1, held: 0, limit: 1 }), nowMs));
    assert.equal(new Set(words).size, capKinds.length);
    for (const line of words) assert.match(line, /^This call would exceed the cap of .* for acme/);
  });

  it('shows dollars as dollars', () => {
    const words = describeRefusal(capOf('usdPerDay', { used: 1_250_000, held: 0, limit: 2_000_000 }), nowMs);
    assert.match(words, /\$2\.00 a .*\$1\.25 used/);
  });

  it('asks for a price if a dollar cap cannot be checked without one', () => {
    const cap = { scope: { provider }, kind: 'usdPerDay', limit: 1 } as const;
    const words = describeRefusal(
      { kind: 'cap', provider, cap, used: 0, held: 0, unknownPrice: true },
      nowMs,
    );
    assert.match(words, /the price of the model is unknown\. Add it to the provider's prices/);
  });

  const spans: [number, string][] = [
    [-5_000, 'in 1 s'],
    [1, 'in 1 s'],
    [99_000, 'in 99 s'],
    [100_000, 'in 2 min'],
    [5_940_000, 'in 99 min'],
    [5_940_001, 'in 1 h 40 min'],
    [18_600_000, 'in 5 h 10 min'],
  ];
  for (const [leftMs, words] of spans) {
    it(`says '${words}' if ${leftMs} ms are left`, () => {
      const refusal: Refusal = { kind: 'circuit', provider, state: 'open', retryAtMs: nowMs + leftMs };
      assert.ok(describeRefusal(refusal, nowMs).endsWith(` ${words}.`));
    });
  }

  const scopes: [CapScope, string][] = [
    [{}, 'all calls'],
    [{ provider }, 'acme'],
    [{ provider, model: 'big' }, 'acme/big'],
    [{ model: 'big' }, 'big'],
    [{ tenant: 'work' }, 'tenant work'],
    [{ tenant: 'work', provider }, 'tenant work on acme'],
    [{ tenant: 'work', provider, model: 'big' }, 'tenant work on acme/big'],
  ];
  for (const [scope, words] of scopes) {
    it(`calls the scope ${JSON.stringify(scope)} '${words}'`, () => {
      assert.equal(describeScope(scope), words);
    });
  }
});

describe('allowsNextTarget and retryAtMs', () => {
  for (const [kind, { refusal, goesOn }] of Object.entries(worded)) {
    it(`${goesOn ? 'allow' : 'do not allow'} the next target after '${kind}'`, () => {
      assert.equal(allowsNextTarget(refusal), goesOn);
    });
  }

  it('return when the same call may be admitted, if that is known', () => {
    assert.equal(retryAtMs(worded.circuit.refusal), nowMs + 45_000);
    assert.equal(retryAtMs(worded.rest.refusal), nowMs + 20_000);
    assert.equal(retryAtMs(worded.cap.refusal), nowMs + 12 * 3_600_000);
    assert.equal(retryAtMs(worded.paused.refusal), undefined);
  });
});
