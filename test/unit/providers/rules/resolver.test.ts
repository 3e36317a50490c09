import assert from 'node:assert/strict';
import { describeLimit, describeScope } from '../../../../src/guard/refusal.ts';
import type { CallSource } from '../../../../src/guard/call.ts';
import type { FactsLookup, ModelFacts } from '../../../../src/providers/pricing/model-facts.ts';
import {
  parseLimitRules,
  parseWorkspaceLimits,
  parseWorkspaceModels,
} from '../../../../src/providers/rules/rulebook.ts';
import { createResolver } from '../../../../src/providers/rules/resolver.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { callOf } from '../../../support/guard-fixture.ts';
import { provider } from '../../../support/sender.ts';

interface Written {
  readonly providers?: object;
  readonly limits?: unknown;
  readonly workspaceModels?: readonly unknown[];
  readonly workspaceLimits?: readonly unknown[];
}

const settingsOf = (written: Written) => ({
  providers: parseProviders(written.providers ?? { acme: { kind: 'sandbox' } }),
  limits: parseLimitRules(written.limits).rules,
  workspaceModels: parseWorkspaceModels(written.workspaceModels ?? []).lists,
  workspaceLimits: parseWorkspaceLimits(written.workspaceLimits ?? []).limits,
});

function rulesOf(written: Written, tenant = 'default', model = 'small', facts?: ModelFacts) {
  const settings = settingsOf(written);
  const lookup = () => facts;
  const { resolve } = createResolver(
    () => settings,
    () => lookup,
  );
  return resolve({ provider: 'acme', model }, callOf({ tenant }));
}

function rules(written: Written, tenant?: string, model?: string) {
  const found = rulesOf(written, tenant, model);
  assert.ok(found.ok);
  return found.value;
}

const capsOf = (written: Written, tenant?: string, model?: string) =>
  rules(written, tenant, model).caps.map((cap) => `${describeScope(cap.scope)}: ${describeLimit(cap)}`);

describe('createResolver: defaults', () => {
  const { circuit, retry, timeouts, ...others } = rules({});

  it('opens the circuit after 5 failures for 60 s, and for at most 10 min', () => {
    assert.deepEqual([circuit.failures, circuit.cooldownMs, circuit.maxCooldownMs], [5, 60_000, 600_000]);
  });

  it('retries twice, after 0.5 s up to 8 s, for a fifth of the attempts and at least 10', () => {
    assert.deepEqual(retry, { retries: 2, baseMs: 500, capMs: 8_000, budgetShare: 0.2, budgetFloor: 10 });
  });

  it('waits 5 s to connect, 30 s to read, 120 s for headers, 300 s for content and 30 min in all', () => {
    assert.deepEqual(timeouts, {
      connectMs: 5_000,
      readMs: 30_000,
      headersMs: 120_000,
      firstContentMs: 300_000,
      callMs: 1_800_000,
    });
  });

  it('allows every model, has no cap, assumes 4,096 output tokens and refuses an unknown price', () => {
    const { policy, caps, assumedOutputTokens, unknownPriceAllowed, strict } = others;
    assert.deepEqual(policy, { allow: [], deny: [], default: 'allow' });
    assert.deepEqual([caps, assumedOutputTokens, unknownPriceAllowed, strict], [[], 4_096, false, false]);
  });

  it('assumes no more output than the known context of the model', () => {
    const assumed = (contextTokens: number) => {
      const found = rulesOf({}, 'default', 'small', { contextTokens });
      return found.ok && found.value.assumedOutputTokens;
    };
    assert.deepEqual([assumed(512), assumed(200_000)], [512, 4_096]);
  });

  it('knows whether the model thinks, where that is known', () => {
    const reasons = (facts: ModelFacts) => {
      const found = rulesOf({}, 'default', 'small', facts);
      return found.ok && found.value.reasons;
    };
    assert.deepEqual(
      [reasons({}), reasons({ reasoning: false }), reasons({ reasoning: true })],
      [undefined, false, true],
    );
  });

  it('assumes the output of the entry', () => {
    const providers = { acme: { kind: 'openai', limits: { assumedOutputTokens: 900 } } };
    assert.equal(rules({ providers }).assumedOutputTokens, 900);
  });

  it('waits 300 s for headers of a local kind, which loads the model first', () => {
    const local = rules({ providers: { acme: { kind: 'ollama' } } });
    assert.equal(local.timeouts.headersMs, 300_000);
  });
});

describe('createResolver: rules of a provider', () => {
  it('has the rules of the entry in the units of the guard', () => {
    const found = rules({
      providers: {
        acme: {
          kind: 'sandbox',
          limits: { usdPerDay: 2.01, callsAtOnce: 2, strict: true },
          timeouts: { connect: 0.5 },
          circuit: { failures: 2, cooldown: 6 },
          retry: { retries: 0, base: 0.1 },
          unknownPrice: 'allow',
          models: { deny: ['big*'], default: 'deny' },
        },
      },
    });
    assert.deepEqual(
      found.caps.map(({ kind, limit }) => [kind, limit]),
      [
        ['usdPerDay', 2_010_000],
        ['callsAtOnce', 2],
      ],
    );
    assert.deepEqual([found.strict, found.unknownPriceAllowed], [true, true]);
    assert.deepEqual([found.timeouts.connectMs, found.retry.retries, found.retry.baseMs], [500, 0, 100]);
    assert.deepEqual([found.circuit.failures, found.circuit.cooldownMs], [2, 6_000]);
    assert.deepEqual(found.policy, { allow: [], deny: ['big*'], default: 'deny' });
  });

  for (const [why, entry, problem] of [
    ['is disabled', { kind: 'sandbox', enabled: false }, /disabled/],
    ['is broken', { kind: 'sandbox', retry: { retries: -1 } }, /^its settings are invalid: retry\.retries: /],
  ] as const) {
    it(`refuses every call if the provider ${why}, and reports it`, () => {
      const found = rulesOf({ providers: { acme: entry } });
      assert.ok(!found.ok && found.error.kind === 'settings');
      assert.match(found.error.problem(english), problem);
    });
  }

  it('has another config fingerprint after any change of the entry', () => {
    const marks = [1, 2, 2].map(
      (failures) =>
        rules({ providers: { acme: { kind: 'sandbox', circuit: { failures } } } }).configFingerprint,
    );
    assert.equal(marks[1], marks[2]);
    assert.notEqual(marks[0], marks[1]);
  });
});

describe('capsFor', () => {
  const limits = [
    { requestsPerDay: 9 },
    { provider: 'acme', tokensPerDay: 8 },
    { tenant: 'work', requestsPerMinute: 7 },
    { tenant: '*', tokensPerMinute: 6 },
    { tenant: '*', provider: '*', callsAtOnce: 5 },
    { model: 'small', requestsPerDay: 4 },
    { provider: 'other', requestsPerDay: 3 },
  ];

  it('returns the caps of every matching rule, with a star replaced by the value', () => {
    assert.deepEqual(capsOf({ limits }, 'work'), [
      'all calls: 9 requests a day',
      'acme: 8 tokens a day',
      'tenant work: 7 requests a minute',
      'tenant work: 6 tokens a minute',
      'tenant work on acme: 5 calls at once',
      'small: 4 requests a day',
    ]);
  });

  it('counts a model under one spelling, whatever each provider calls it', () => {
    const kind = 'sandbox';
    const settings = settingsOf({
      providers: {
        one: { kind, models: { list: ['Llama3', 'alone'] } },
        two: { kind, models: { list: ['LLAMA3'] } },
        three: { kind },
      },
      limits: [{ model: 'llama3', requestsPerDay: 1 }],
    });
    const lookup = () => undefined;
    const { resolve } = createResolver(
      () => settings,
      () => lookup,
    );
    for (const [provider, sent] of [
      ['one', 'Llama3'],
      ['two', 'LLAMA3'],
      ['three', 'models/LLaMa3'],
    ] as const) {
      const resolved = resolve({ provider, model: 'models/LLaMa3' }, callOf({}));
      assert.ok(resolved.ok);
      const { target, wireModel, caps } = resolved.value;
      assert.deepEqual([target, wireModel], [{ provider, model: 'Llama3' }, sent]);
      assert.deepEqual(
        caps.map(({ scope }) => scope),
        [{ model: 'Llama3' }],
      );
    }
  });

  it('leaves out rules about other tenants and models', () => {
    assert.deepEqual(capsOf({ limits }, 'home', 'big'), [
      'all calls: 9 requests a day',
      'acme: 8 tokens a day',
      'tenant home: 6 tokens a minute',
      'tenant home on acme: 5 calls at once',
    ]);
  });

  it('adds the cap of the workspace, so that the lower one applies', () => {
    const workspaceLimits = [{ requestsPerDay: 50 }, { requestsPerDay: 20, usdPerDay: 1 }];
    assert.deepEqual(capsOf({ limits: [{ requestsPerDay: 30 }], workspaceLimits }), [
      'all calls: 30 requests a day',
      'tenant default: 20 requests a day',
      'tenant default: $1.00 a day',
    ]);
  });
});

describe('createResolver', () => {
  const acme = { provider: 'acme', model: 'small' };
  const unlisted = () => undefined;
  const written = {
    limits: [{ requestsPerDay: 30 }],
    workspaceModels: [['big']],
    workspaceLimits: [{ requestsPerDay: 20 }],
  };

  const resolverOf = (first: Written) => {
    let settings = settingsOf(first);
    let lookup: FactsLookup = unlisted;
    const resolver = createResolver(
      () => settings,
      () => lookup,
    );
    return {
      ...resolver,
      change: (next: Written) => (settings = settingsOf(next)),
      load: () => (lookup = () => ({ contextTokens: 512 })),
      acme: (call = callOf()) => {
        const resolved = resolver.resolve(acme, call);
        assert.ok(resolved.ok);
        return resolved.value;
      },
    };
  };

  it('narrows a call of the editor by its workspace, but not a call of the gateway', () => {
    const resolver = resolverOf(written);
    const narrowing = (source: CallSource) => {
      const { workspaceModels, caps } = resolver.acme(callOf({ source }));
      return [workspaceModels, caps.map(({ limit }) => limit)];
    };
    assert.deepEqual(narrowing('editor'), [[['big']], [30, 20]]);
    assert.deepEqual(narrowing('gateway'), [[], [30]]);
  });

  it('returns the same frozen target until the settings or the public facts change', () => {
    const resolver = resolverOf({});
    const first = resolver.acme();
    assert.ok(Object.isFrozen(first));
    assert.equal(resolver.acme(), first);
    resolver.change({});
    const second = resolver.acme();
    assert.notEqual(second, first);
    resolver.load();
    assert.equal(resolver.acme().assumedOutputTokens, 512);
  });

  it('distinguishes the rules of calls of other tenants and sources', () => {
    const resolver = resolverOf({ ...written, limits: [{ tenant: 'work', requestsPerDay: 9 }] });
    const limits = (tenant: string, source: CallSource) =>
      resolver.acme(callOf({ tenant, source })).caps.map(({ limit }) => limit);
    assert.deepEqual(limits('work', 'editor'), [9, 20]);
    assert.deepEqual(limits('work', 'gateway'), [9]);
    assert.deepEqual(limits('home', 'gateway'), []);
  });

  it('caches a bounded number of targets', () => {
    const resolver = resolverOf({});
    const first = resolver.acme();
    for (let n = 0; n < 2_000; n++) resolver.resolve({ provider: 'acme', model: `model-${n}` }, callOf());
    assert.notEqual(resolver.acme(), first);
  });

  it('refuses a target whose kind changed to one without an address', () => {
    const resolver = resolverOf({ providers: { acme: { kind: 'openai' } } });
    const resolved = resolver.acme();
    resolver.change({ providers: { acme: { kind: 'sandbox' } } });
    assert.equal(resolver.recheck(resolved)?.kind, 'settings');
  });

  it('refuses a draft that is disabled', () => {
    const { resolveDraft } = resolverOf({});
    const config = provider({ kind: 'openai', enabled: false });
    const resolved = resolveDraft({ config, draftKey: undefined })(acme, callOf());
    assert.equal(!resolved.ok && resolved.error.kind, 'settings');
  });

  it('resolves a draft under the limits of the settings, independently of later changes', () => {
    const { resolveDraft, recheck, change } = resolverOf(written);
    const draft = { config: provider({ kind: 'openai' }), draftKey: undefined };
    const resolved = resolveDraft(draft)(acme, callOf());
    assert.ok(resolved.ok);
    assert.deepEqual(
      resolved.value.caps.map(({ limit }) => limit),
      [30, 20],
    );
    change({ providers: {} });
    assert.equal(recheck(resolved.value), undefined);
  });
});

describe('configFingerprint', () => {
  const fingerprintOf = (changes: object = {}) => {
    const rules = rulesOf({ providers: { acme: { kind: 'openai', ...changes } } });
    assert.ok(rules.ok);
    return rules.value.configFingerprint;
  };

  it('returns the same value for the same settings', () => {
    assert.equal(fingerprintOf(), fingerprintOf());
  });

  for (const changes of [
    { baseUrl: 'https://api.example.com/v1' },
    { headers: { 'x-team': 'blue' } },
    { models: { deny: ['large'] } },
    { limits: { usdPerDay: 1 } },
    { prices: { small: { input: 1, output: 2 } } },
    { timeouts: { connect: 1 } },
  ]) {
    it(`returns another value for another ${Object.keys(changes).join()}`, () => {
      assert.notEqual(fingerprintOf(changes), fingerprintOf());
    });
  }
});
