import assert from 'node:assert/strict';
import {
  isAllowed,
  modelToTry,
  offeredChats,
  offeredModels,
  offeredRoutes,
} from '../../../../src/providers/rules/offered-models.ts';
import type { FactsLookup } from '../../../../src/providers/pricing/model-facts.ts';
import { parseRoutes } from '../../../../src/providers/rules/routes.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { withModels } from '../../../../src/providers/config/written-models.ts';

const settings = (workspaceModels: readonly (readonly string[])[] = []) => ({
  providers: parseProviders({
    acme: { kind: 'openai', models: { list: ['small', 'big', 'secret'], deny: ['secret'] } },
    strict: { kind: 'groq', models: { list: ['listed'], allow: ['listed'], default: 'deny' } },
    off: { kind: 'mistral', enabled: false, models: { list: ['large'] } },
  }),
  limits: [],
  workspaceModels,
  workspaceLimits: {},
  routes: parseRoutes({
    good: ['acme/small', 'strict/listed'],
    bad: ['acme/small', 'acme/secret'],
    gone: ['off/large'],
  }).routes,
});

describe('offeredModels and offeredRoutes', () => {
  it('offers the listed models that policy allows, of providers that may be called', () => {
    assert.deepEqual(
      offeredModels(settings(), 'editor').map(({ provider, model }) => `${provider}/${model}`),
      ['acme/small', 'acme/big', 'strict/listed'],
    );
  });

  it('offers fewer models in a workspace that denies some', () => {
    assert.deepEqual(
      offeredModels(settings([['small']]), 'editor').map(({ model }) => model),
      ['small'],
    );
  });

  it('offers the routes without a denied target', () => {
    assert.deepEqual(offeredRoutes(settings(), 'editor'), ['good']);
  });

  it('applies the default policy to a new model', () => {
    assert.equal(isAllowed({ provider: 'acme', model: 'brand-new' }, settings(), 'editor'), true);
    assert.equal(isAllowed({ provider: 'strict', model: 'brand-new' }, settings(), 'editor'), false);
  });
});

describe('offeredChats', () => {
  const mixed = () => {
    const list = ['text-embedding-3-small', 'chat', 'painter', 'my-image-expert'];
    return {
      ...settings(),
      providers: parseProviders({ acme: { kind: 'openai', models: { list } } }),
      routes: parseRoutes({ talk: ['acme/chat'], find: ['acme/text-embedding-3-small'] }).routes,
    };
  };
  const served: FactsLookup = (_config, model) =>
    ({ painter: { chats: false }, 'my-image-expert': { chats: true } })[model];

  it('leaves out what the server or else the name says answers no prompts, and routes to it', () => {
    const { models, routes } = offeredChats(mixed(), 'editor', served);
    assert.deepEqual(
      models.map(({ model }) => model),
      ['chat', 'my-image-expert'],
    );
    assert.deepEqual(routes, ['talk']);
  });

  it('leaves all of them to be called by their names', () => {
    assert.equal(isAllowed({ provider: 'acme', model: 'text-embedding-3-small' }, mixed(), 'editor'), true);
    assert.equal(offeredModels(mixed(), 'gateway').length, 4);
  });

  it('gives the first that answers prompts to a test, else the first', () => {
    const config = mixed().providers.usable.get('acme');
    assert.equal(modelToTry(config, served), 'chat');
    const others = parseProviders({ acme: { kind: 'openai', models: { list: ['tts-1', 'whisper-1'] } } });
    assert.equal(modelToTry(others.usable.get('acme'), served), 'tts-1');
    assert.equal(modelToTry(undefined, served), undefined);
  });
});

describe('withModels', () => {
  it('keeps the rest of an entry as the user wrote it', () => {
    const entry = { kind: 'openai', limits: { requestsPerDay: 5 }, models: { list: ['a'], deny: ['x*'] } };
    assert.deepEqual(withModels(entry, ['b', 'c']), { ...entry, models: { list: ['b', 'c'], deny: ['x*'] } });
  });

  it('returns undefined for a broken entry', () => {
    assert.equal(withModels({ kind: 'nothing' }, ['b']), undefined);
  });
});
