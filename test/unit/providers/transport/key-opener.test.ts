import assert from 'node:assert/strict';
import { createKeyOpener } from '../../../../src/providers/transport/key-opener.ts';
import type { ProviderEntry } from '../../../../src/providers/config/provider-entry.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { Secret } from '../../../../src/shared/secret.ts';
import { noCredentials } from '../../../support/guard-fixture.ts';
import { provider } from '../../../support/sender.ts';
import { createWorld, type World } from '../../vault/harness.ts';

const openai = 'https://api.openai.com';
const resolved = (entry: ProviderEntry, draftKey?: Secret) => ({ config: provider(entry), draftKey });

describe('createKeyOpener', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.remove());

  it("binds a stored key and a draft's key to the origin of the provider", async () => {
    const { vault } = world.window();
    await vault.set('acme', openai, new Secret('key-that-is-stored'));
    const openKey = createKeyOpener(vault);
    const opened = [
      await openKey(resolved({ kind: 'openai' })),
      await openKey(resolved({ kind: 'groq' }, new Secret('key-just-typed'))),
    ];
    assert.deepEqual(
      opened.map((one) => one.ok && [one.value.key?.secret.reveal(), one.value.key?.origin]),
      [
        ['key-that-is-stored', openai],
        ['key-just-typed', 'https://api.groq.com'],
      ],
    );
  });

  it('says how to set a key that is not set', async () => {
    const opened = await createKeyOpener(world.window().vault)(resolved({ kind: 'openai' }));
    assert.ok(!opened.ok && opened.error.kind === 'vault');
    assert.equal(opened.error.problem(english), 'No key is set. Use Callguard: Replace Key.');
  });

  it('opens no key for a kind without an address, even if one is left from another kind', async () => {
    const { vault } = world.window();
    await vault.set('acme', openai, new Secret('key-of-the-kind-before'));
    const openKey = createKeyOpener(vault);
    assert.deepEqual(await openKey(resolved({ kind: 'sandbox' })), { ok: true, value: noCredentials });
  });

  it('refuses every provider and every draft in production without its master key', async () => {
    const openKey = createKeyOpener(world.window({ LLM_ENV: 'production' }).vault);
    const typed = new Secret('key-just-typed');
    for (const one of [
      resolved({ kind: 'sandbox' }),
      resolved({ kind: 'openai' }),
      resolved({ kind: 'openai' }, typed),
    ]) {
      const opened = await openKey(one);
      assert.equal(!opened.ok && opened.error.kind, 'vault');
    }
  });
});
