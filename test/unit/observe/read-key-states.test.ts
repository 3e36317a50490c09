import assert from 'node:assert/strict';
import { readKeyStates } from '../../../src/observe/read-key-states.ts';
import type { EditorSettings } from '../../../src/editor/editor-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import { createWorld, type World } from '../vault/harness.ts';

describe('readKeyStates', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.remove());

  const current: Partial<Settings> = {
    providers: parseProviders({ acme: { kind: 'openai' }, box: { kind: 'sandbox' } }),
  };
  const settings = { current } as Partial<EditorSettings> as EditorSettings;
  const statesIn = async (env: Record<string, string>) => {
    const states = await readKeyStates({ settings, vault: world.window(env).vault });
    return [...states].map(([id, { kind }]) => `${id}: ${kind}`);
  };

  it('leaves out a provider that can have no key', async () => {
    assert.deepEqual(await statesIn({}), ['acme: notSet']);
  });

  for (const [env, kind] of [
    [{ LLM_ENV: 'production' }, 'environmentKeyMissing'],
    [{ LLM_SECRET_KEY: 'too short' }, 'malformedKey'],
  ] as const) {
    it(`returns ${kind} for every provider while no call can be made`, async () => {
      assert.deepEqual(await statesIn(env), [`acme: ${kind}`, `box: ${kind}`]);
    });
  }

  it('waits for all providers at once while secret storage does not answer', async () => {
    world.store.waitFor = new Promise(() => undefined);
    const ids = ['one', 'two', 'three', 'four'];
    const providers = parseProviders(Object.fromEntries(ids.map((id) => [id, { kind: 'openai' }])));
    const many = { current: { ...current, providers } } as Partial<EditorSettings> as EditorSettings;
    const start = performance.now();
    const states = await readKeyStates({ settings: many, vault: world.window().vault });
    assert.deepEqual(
      [...states].map(([id, { kind }]) => [id, kind]),
      ids.map((id) => [id, 'storeSilent']),
    );
    assert.ok(performance.now() - start < 8_000);
  });
});
