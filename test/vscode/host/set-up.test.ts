import assert from 'node:assert/strict';
import { draftOf } from '../../../src/editor/commands/set-up/draft.ts';
import { saveDraft } from '../../../src/editor/commands/set-up/save.ts';
import type { Log } from '../../../src/shared/log.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { EditorSettings } from '../../../src/editor/editor-settings.ts';
import { configure } from '../../support/vscode/host-models.ts';

describe('Edit Provider', () => {
  let settings: EditorSettings;

  before(() => {
    settings = new EditorSettings({ warn: () => undefined });
  });

  after(async () => {
    settings.dispose();
    await configure(undefined);
  });

  it('keeps settings that were written meanwhile and that it does not ask for', async () => {
    await configure({ acme: { kind: 'ollama', models: { list: ['small'] } } });
    const draft = draftOf('acme', settings.entries()['acme']);
    assert.ok(draft);
    const limits = { requestsPerDay: 2 };
    await configure({ acme: { kind: 'ollama', models: { list: ['small'], deny: ['large'] }, limits } });
    const log = { info: () => undefined } as Partial<Log> as Log;
    const vault: Partial<Vault> = {};
    const facts = { served: () => undefined };
    await saveDraft({ settings, vault: vault as Vault, facts, log }, { ...draft, models: ['medium'] });
    assert.deepEqual(settings.entries(), {
      acme: { kind: 'ollama', models: { deny: ['large'], list: ['medium'] }, limits },
    });
  });

  it('writes what the server said about its models, and keeps what the user wrote', async () => {
    await configure(undefined);
    const acme = { kind: 'openrouter', models: { list: ['a'], details: { a: { tools: false } } } };
    const draft = draftOf('acme', acme);
    assert.ok(draft);
    const log = { info: () => undefined } as Partial<Log> as Log;
    const served = new Map([
      ['a', { contextTokens: 5_000, tools: true }],
      ['b', { images: true, chats: true }],
      ['b-image', { chats: true }],
    ]);
    const facts = { served: () => served };
    const vault: Partial<Vault> = {};
    await saveDraft(
      { settings, vault: vault as Vault, facts, log },
      { ...draft, models: ['a', 'b', 'b-image', 'c'] },
    );
    assert.deepEqual(settings.entries()['acme'], {
      kind: 'openrouter',
      models: {
        details: {
          a: { contextTokens: 5_000, tools: false },
          b: { images: true },
          'b-image': { chats: true },
        },
        list: ['a', 'b', 'b-image', 'c'],
      },
    });
  });
});
