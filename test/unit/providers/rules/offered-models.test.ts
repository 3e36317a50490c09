import assert from 'node:assert/strict';
import { isAllowed, offeredModels, offeredRoutes } from '../../../../src/providers/rules/offered-models.ts';
import { parseRoutes } from '../../../../src/providers/rules/routes.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { withModels } from '../../../../src/providers/config/provider-entry.ts';

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

describe('what is offered', () => {
  it('are the listed models that policy allows, of providers that may be called', () => {
    assert.deepEqual(
      offeredModels(settings(), 'editor').map(({ provider, model }) => `${provider}/${model}`),
      ['acme/small', 'acme/big', 'strict/listed'],
    );
  });

  it('is less where a workspace takes away', () => {
    assert.deepEqual(
      offeredModels(settings([['small']]), 'editor').map(({ model }) => model),
      ['small'],
    );
  });

  it('are the routes that have no denied target', () => {
    assert.deepEqual(offeredRoutes(settings(), 'editor'), ['good']);
  });

  it('lets a new model fall under the default policy', () => {
    assert.equal(isAllowed({ provider: 'acme', model: 'brand-new' }, settings(), 'editor'), true);
    assert.equal(isAllowed({ provider: 'strict', model: 'brand-new' }, settings(), 'editor'), false);
  });
});

describe('another list of models', () => {
  it('leaves the rest of an entry as the user wrote it', () => {
    const entry = { kind: 'openai', limits: { requestsPerDay: 5 }, models: { list: ['a'], deny: ['x*'] } };
    assert.deepEqual(withModels(entry, ['b', 'c']), { ...entry, models: { list: ['b', 'c'], deny: ['x*'] } });
  });

  it('is not put into an entry that is broken', () => {
    assert.equal(withModels({ kind: 'nothing' }, ['b']), undefined);
  });
});
