import assert from 'node:assert/strict';
import { Drafts } from '../../../../src/providers/transport/drafts.ts';
import { createHeaderOpener, createKeyOpener } from '../../../../src/providers/transport/key-opener.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { createRedactor } from '../../../../src/redaction/redact.ts';
import { Secret } from '../../../../src/shared/secret.ts';
import type { Vault } from '../../../../src/vault/vault.ts';
import { createWorld, type World } from '../../vault/harness.ts';

const { usable } = parseProviders({
  acme: { kind: 'sandbox' },
  open: { kind: 'openai' },
});

describe("the guard's way to a key", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.remove());

  const drafts = new Drafts(createRedactor());
  const openerOf = (vault: Vault) =>
    createKeyOpener((id) => usable.get(id), vault, drafts, createHeaderOpener(vault));

  it('passes by a key that is left of when the provider was of a kind with an address', async () => {
    const { vault } = world.window();
    await vault.set('acme', 'https://api.openai.com', new Secret('key-of-the-kind-before'));
    assert.deepEqual(await openerOf(vault)('acme'), { ok: true, value: undefined });
  });

  it('is closed to all in a production set-up without its master key, also to what is only tried', async () => {
    const { vault } = world.window({ LLM_ENV: 'production' });
    const refused = async (id: string) => {
      const opened = await openerOf(vault)(id);
      return !opened.ok && opened.error.kind === 'vault';
    };
    assert.deepEqual([await refused('acme'), await refused('open')], [true, true]);
    const config = usable.get('open');
    assert.ok(config !== undefined);
    assert.ok(await drafts.try({ config, key: new Secret('key-just-typed') }, () => refused('open')));
  });
});
