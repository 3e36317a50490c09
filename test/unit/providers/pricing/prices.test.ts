import assert from 'node:assert/strict';
import { costMicroUsd, type Price } from '../../../../src/guard/price.ts';
import { KnownFacts, pricedGuard } from '../../../../src/providers/pricing/model-facts.ts';
import { lookUpModel } from '../../../../src/providers/pricing/price-list.ts';
import { createResolver } from '../../../../src/providers/rules/resolver.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import type { ProviderEntry } from '../../../../src/providers/config/provider-entry.ts';
import { answer, callOf, guardWith, hear } from '../../../support/guard-fixture.ts';
import { provider } from '../../../support/sender.ts';

describe('lookUpModel', () => {
  it('finds the price and the context of a model by its kind', () => {
    assert.deepEqual(lookUpModel(provider({ kind: 'openai' }), 'gpt-4o'), {
      price: { inputUsdPerMillion: 2.5, cachedInputUsdPerMillion: 1.25, outputUsdPerMillion: 10 },
      contextTokens: 128_000,
    });
  });

  it('has higher prices for a long prompt', () => {
    const price = lookUpModel(provider({ kind: 'google' }), 'gemini-2.5-pro')?.price;
    assert.deepEqual(price, {
      inputUsdPerMillion: 1.25,
      cachedInputUsdPerMillion: 0.125,
      outputUsdPerMillion: 10,
      longPrompt: {
        aboveInputTokens: 200_000,
        inputUsdPerMillion: 2.5,
        cachedInputUsdPerMillion: 0.25,
        outputUsdPerMillion: 15,
      },
    });
    assert.equal(costMicroUsd(price, { inputTokens: 200_000, outputTokens: 1_000 }), 260_000);
    assert.equal(costMicroUsd(price, { inputTokens: 200_001, outputTokens: 1_000 }), 515_003);
  });

  it('has the prices of cache writes for minutes and for an hour', () => {
    assert.deepEqual(lookUpModel(provider({ kind: 'anthropic' }), 'claude-sonnet-4-6')?.price, {
      inputUsdPerMillion: 3,
      cachedInputUsdPerMillion: 0.3,
      cacheWriteUsdPerMillion: 3.75,
      hourCacheWriteUsdPerMillion: 6,
      outputUsdPerMillion: 15,
    });
  });

  it('has no cache write that is cheaper than plain input', () => {
    const price = lookUpModel(provider({ kind: 'openrouter' }), 'google/gemini-2.5-pro')?.price;
    assert.ok(price?.cacheWriteUsdPerMillion !== undefined);
    assert.ok(price.cacheWriteUsdPerMillion >= price.inputUsdPerMillion);
  });

  it('finds a compatible provider by its address', () => {
    const together = provider({ kind: 'openai-compatible', baseUrl: 'https://api.together.xyz/v1' });
    const model = 'meta-llama/Llama-3.3-70B-Instruct-Turbo';
    assert.equal(lookUpModel(together, model)?.price?.inputUsdPerMillion, 0.88);
  });

  for (const [what, entry, model] of [
    ['a model that is not in the list', { kind: 'openai' }, 'gpt-of-my-own'],
    [
      'a compatible provider at an unknown address',
      { kind: 'openai-compatible', baseUrl: 'https://acme.test/v1' },
      'gpt-4o',
    ],
    ['a local server', { kind: 'ollama' }, 'gpt-4o'],
    ['a model of the editor', { kind: 'editor' }, 'copilot/gpt-4o'],
    ['a model with half a price', { kind: 'openai' }, 'text-embedding-3-small'],
  ] as const satisfies readonly (readonly [string, ProviderEntry, string])[]) {
    it(`has no price, instead of $0, for ${what}`, () => {
      assert.equal(lookUpModel(provider(entry), model)?.price, undefined);
    });
  }

  it('has a price for a model of every kind with a price list', () => {
    const known = [
      ['openai', 'gpt-5'],
      ['anthropic', 'claude-sonnet-4-5'],
      ['google', 'gemini-2.5-flash'],
      ['groq', 'llama-3.3-70b-versatile'],
      ['mistral', 'mistral-large-latest'],
      ['deepseek', 'deepseek-chat'],
      ['xai', 'grok-4'],
      ['openrouter', 'openai/gpt-5'],
    ] as const;
    for (const [kind, model] of known) assert.ok(lookUpModel(provider({ kind }), model)?.price, kind);
    const azure = provider({ kind: 'azure', baseUrl: 'https://acme.openai.azure.com/openai/v1' });
    assert.ok(lookUpModel(azure, 'gpt-4o')?.price);
  });
});

describe('prices in the rulebook', () => {
  const listed: Price = { inputUsdPerMillion: 1, cachedInputUsdPerMillion: 1, outputUsdPerMillion: 2 };
  const rulesFor = (model: string, known = true) => {
    const providers = parseProviders({
      acme: { kind: 'openai', prices: { contract: { input: 7, output: 8 } } },
    });
    const settings = { providers, limits: [], workspaceModels: [], workspaceLimits: {} };
    const lookup = () => (known ? { price: listed } : undefined);
    const { resolve } = createResolver(
      () => settings,
      () => lookup,
    );
    const resolved = resolve({ provider: 'acme', model }, callOf());
    assert.ok(resolved.ok);
    return resolved.value.price;
  };

  it("are the user's own where there is one, else those of the list, else unknown", () => {
    assert.equal(rulesFor('contract')?.inputUsdPerMillion, 7);
    assert.equal(rulesFor('other'), listed);
    assert.equal(rulesFor('other', false), undefined);
  });

  it('are not what a model is called that every object has', () => {
    for (const model of ['constructor', 'toString', '__proto__']) {
      assert.equal(rulesFor(model, false), undefined);
    }
  });
});

describe('pricedGuard', () => {
  it('waits at the first call for the list of prices, which is loaded once', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let loads = 0;
    const facts = new KnownFacts(
      async () => {
        loads += 1;
        await promise;
        return () => ({ contextTokens: 5 });
      },
      () => undefined,
    );
    const { guard, sender } = guardWith([answer('Hi')]);
    const priced = pricedGuard(guard, facts);
    const heard = [hear(priced.run(callOf())), hear(priced.run(callOf({ id: 'call-2' })))];
    await new Promise(setImmediate);
    assert.deepEqual([sender.attempts.length, loads], [0, 1]);
    resolve(undefined);
    assert.deepEqual(
      (await Promise.all(heard)).map(({ text }) => text),
      ['Hi', 'Hi'],
    );
    assert.equal(facts.lookup(provider({ kind: 'openai' }), 'x')?.contextTokens, 5);
    assert.equal(loads, 1);
  });

  it('continues without a list that cannot be loaded, and reports it once', async () => {
    const troubles: unknown[] = [];
    const facts = new KnownFacts(
      () => Promise.reject(new Error('no such chunk')),
      (error) => troubles.push(error),
    );
    const { guard } = guardWith([answer('Hi')]);
    await hear(pricedGuard(guard, facts).run(callOf()));
    assert.equal((await hear(pricedGuard(guard, facts).run(callOf({ id: 'call-2' })))).text, 'Hi');
    assert.equal(troubles.length, 1);
    assert.deepEqual(facts.lookup(provider({ kind: 'openai' }), 'gpt-4o'), {});
  });
});
