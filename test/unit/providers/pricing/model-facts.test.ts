import assert from 'node:assert/strict';
import { KnownFacts } from '../../../../src/providers/pricing/model-facts.ts';
import { publicFacts } from '../../../../src/providers/pricing/public-facts.ts';
import { createResolver } from '../../../../src/providers/rules/resolver.ts';
import { callOf } from '../../../support/guard-fixture.ts';
import { provider } from '../../../support/sender.ts';

const noTrouble = (error: unknown) => {
  throw error;
};

function known(): KnownFacts {
  return new KnownFacts(() => Promise.resolve(publicFacts), noTrouble);
}

const baseUrl = 'http://localhost:1234/v1';
const details = { m: { contextTokens: 1_000, tools: false, body: { temperature: 0 } } };

describe('the facts about a model', () => {
  it('come from the settings, else from the server, else from public lists', async () => {
    const facts = known();
    await facts.load();
    const plain = provider({ kind: 'openai' });
    const { price, ...traits } = facts.lookup(plain, 'gpt-4o') ?? {};
    assert.equal(price?.inputUsdPerMillion, 2.5);
    assert.deepEqual(traits, { contextTokens: 128_000, tools: true, images: true });
    facts.learn(plain, new Map([['gpt-4o', { contextTokens: 64_000, images: false }]]));
    const served = facts.lookup(plain, 'gpt-4o');
    assert.deepEqual([served?.contextTokens, served?.images, served?.tools], [64_000, false, true]);
    const own = provider({ kind: 'openai', models: { details: { 'gpt-4o': { contextTokens: 32_000 } } } });
    const written = facts.lookup(own, 'gpt-4o');
    assert.deepEqual([written?.contextTokens, written?.images, written?.tools], [32_000, false, true]);
  });

  it('of a server are not those of another address', () => {
    const facts = known();
    facts.learn(provider({ kind: 'lmstudio', baseUrl }), new Map([['m', { contextTokens: 5 }]]));
    assert.equal(facts.lookup(provider({ kind: 'lmstudio', baseUrl }), 'm')?.contextTokens, 5);
    const other = provider({ kind: 'lmstudio', baseUrl: 'http://localhost:9/v1' });
    assert.equal(facts.lookup(other, 'm')?.contextTokens, undefined);
  });

  it('are another lookup once more is known, so that nothing that was resolved before stays', async () => {
    const facts = known();
    const before = facts.lookup;
    await facts.load();
    const loaded = facts.lookup;
    facts.learn(provider({ kind: 'lmstudio', baseUrl }), new Map());
    assert.equal(new Set([before, loaded, facts.lookup]).size, 3);
  });

  it('that were filled in do not make a chat model of one that answers no prompts', async () => {
    const facts = known();
    await facts.load();
    const filledIn = { 'text-embedding-3-small': { contextTokens: 8_192 } };
    const own = provider({ kind: 'openai', models: { details: filledIn } });
    assert.equal(facts.lookup(own, 'text-embedding-3-small')?.chats, false);
  });

  it('in the settings make a chat model of one that has a name like others', async () => {
    const facts = known();
    await facts.load();
    const embed = { 'embed-chat': { chats: true } };
    assert.equal(facts.lookup(provider({ kind: 'ollama' }), 'embed-chat')?.chats, false);
    const own = provider({ kind: 'ollama', models: { details: embed } });
    assert.equal(facts.lookup(own, 'embed-chat')?.chats, true);
  });

  it('limit the output that is reserved for a call', () => {
    const facts = known();
    for (const [limits, reserved] of [
      [{}, 4_096],
      [{ contextTokens: 1_000 }, 1_000],
      [{ contextTokens: 1_000, maxOutputTokens: 100 }, 100],
    ] as const) {
      const config = provider({ kind: 'lmstudio', models: { details: { m: limits } } });
      const providers = { usable: new Map([['acme', config]]), broken: [] };
      const settings = { providers, limits: [], workspaceModels: [], workspaceLimits: {} };
      const { resolve } = createResolver(
        () => settings,
        () => facts.lookup,
      );
      const resolved = resolve({ provider: 'acme', model: 'M' }, callOf({}));
      assert.ok(resolved.ok);
      assert.equal(resolved.value.assumedOutputTokens, reserved);
    }
  });

  it('do not include the body parameters', () => {
    const config = provider({ kind: 'lmstudio', models: { details } });
    assert.deepEqual(known().lookup(config, 'm'), { contextTokens: 1_000, tools: false });
  });
});
