import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { unattended } from '../../../scripts/unattended.ts';
import { composeCore, type Core } from '../../../src/compose-core.ts';
import type { Prompt } from '../../../src/guard/call.ts';
import { nothingOpen } from '../../../src/providers/rules/tenants.ts';
import { parseSettings } from '../../../src/settings/settings.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { callOf, hear } from '../../support/guard-fixture.ts';

const origin = 'https://llm.example';

describe('the check of a prompt', () => {
  let home: string;
  let core: Core | undefined;
  beforeEach(async () => {
    home = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-prompt-'));
  });
  afterEach(async () => {
    await core?.shutDown();
    core?.dispose();
    core = undefined;
    await fs.rm(home, { recursive: true, maxRetries: 5 });
  });

  function start(env: Record<string, string> = {}): Core {
    const written: Record<string, unknown> = {
      providers: {
        sandbox: { kind: 'sandbox' },
        acme: { kind: 'openai-compatible', baseUrl: `${origin}/v1`, models: { list: ['small'] } },
      },
      promptSecrets: 'block',
    };
    const settings = parseSettings({
      user: (name) => written[name],
      layers: (name) => (written[name] === undefined ? [] : [written[name]]),
      folders: nothingOpen,
    });
    const mute = { info: () => undefined, warn: () => undefined, error: () => undefined };
    core = composeCore({
      ...unattended(),
      log: mute,
      home,
      env,
      settings: { current: settings, onDidChange: new Emitter<undefined>().event },
    });
    return core;
  }

  async function send({ guard }: Core, text: string): Promise<string> {
    const targets = [{ provider: 'sandbox', model: 'echo' }] as const;
    const prompt: Prompt = { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] };
    const { result } = await hear(guard.run(callOf({ targets, prompt })));
    return result.kind === 'refused' ? result.refusal.kind : result.kind;
  }

  it('sends a prompt without secrets', async () => {
    assert.equal(await send(start(), 'Hello?'), 'done');
  });

  const [current, previous] = [MasterKey.generate(), MasterKey.generate()];
  const env = { LLM_SECRET_KEY: current.reveal(), LLM_PREVIOUS_KEYS: previous.reveal() };
  for (const [name, key] of [
    ['LLM_SECRET_KEY', current],
    ['LLM_PREVIOUS_KEYS', previous],
  ] as const) {
    for (const spelling of key.spellings()) {
      it(`refuses the first prompt with the value of ${name}, spelled with ${spelling.length} characters`, async () => {
        assert.equal(await send(start(env), `Why does ${name}=${spelling} not work?`), 'promptSecret');
      });

      it(`refuses a prompt with nothing but the value of ${name}`, async () => {
        assert.equal(await send(start(env), spelling), 'promptSecret');
      });
    }
  }

  it('refuses a prompt with a master key of the ring file', async () => {
    const { ring } = start();
    const loaded = await ring.loadForSealing();
    assert.ok(loaded.ok && core !== undefined);
    assert.equal(await send(core, loaded.value.current.reveal()), 'promptSecret');
  });

  it('refuses a prompt with the old value of a renewed key', async () => {
    const started = start();
    const values = ['value-one-of-a-key', 'value-two-of-a-key', 'value-three-of-a-key'];
    for (const value of values) assert.ok((await started.vault.set('acme', origin, new Secret(value))).ok);
    for (const value of values) assert.equal(await send(started, `Is ${value} still valid?`), 'promptSecret');
    assert.equal(await send(started, 'Is value-four-of-a-key still valid?'), 'done');
  });
});
