import assert from 'node:assert/strict';
import { applyImport } from '../../../../src/providers/import/apply.ts';
import { hasTokens, parseServerKeys, serverKeyProblem } from '../../../../src/providers/import/decode.ts';
import { planImport } from '../../../../src/providers/import/plan.ts';
import type { SourceRow } from '../../../../src/providers/import/source-row.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { Secret } from '../../../../src/shared/secret.ts';
import { sealToken } from '../../../../src/vault/fernet.ts';
import { MasterKey } from '../../../../src/vault/master-key.ts';
import { mute } from '../../../support/languages.ts';
import { createWorld, type World } from '../../vault/harness.ts';

const key = 'sk-import-canary-0123456789abcdef';
const base64 = Buffer.from(key).toString('base64');
const openai = 'https://api.openai.com';
const providers = parseProviders({
  openai: { kind: 'openai' },
  work: { kind: 'openai-compatible', baseUrl: 'https://models.work.example/v1' },
  'mistral-eu': { kind: 'mistral' },
  deepseek: { kind: 'deepseek', baseUrl: 'not a URL' },
  'router-1': { kind: 'openrouter' },
  'router-2': { kind: 'openrouter' },
  sandbox: { kind: 'sandbox' },
});

const clean = (message: string) => message.replaceAll(key, '[key]');

function row(provider: string, value = key): SourceRow {
  return { place: (l10n) => l10n.t('row of {0}', provider), provider, value: new Secret(value) };
}

describe('planImport and applyImport', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.remove());

  async function plan(rows: readonly SourceRow[], serverKeys: readonly MasterKey[] = [], known = providers) {
    const { vault } = world.window();
    const planned = await planImport({ rows, bad: [] }, { providers: known, serverKeys, vault });
    return {
      planned,
      keys: planned.keys.map(({ config, origin, fate, addsProvider }) => [
        config.id,
        origin,
        fate,
        ...(addsProvider ? ['adds it'] : []),
      ]),
      bad: planned.bad.map(({ place, problem }) => `${place(english)}: ${problem(english)}`),
    };
  }

  it('takes a key that has an address for a provider at that address alone', async () => {
    const at = (provider: string, address: string) => ({ ...row(provider), address });
    const { keys, bad } = await plan([
      at('openai', 'https://models.work.example/v1'),
      at('groq', 'https://elsewhere.example/v1'),
      at('mistral', 'models.example'),
      at('xai', 'https://u:s3cret@api.x.ai/v1'),
      at('openrouter', 'https://openrouter.ai/api/v1'),
    ]);
    assert.deepEqual(keys, [['work', 'https://models.work.example', 'new']]);
    assert.deepEqual(bad, [
      'row of groq, groq: it is for https://elsewhere.example. Set up a provider with this address first',
      'row of mistral, mistral: the address beside it is not one for a provider',
      'row of xai, xai: the address beside it is not one for a provider',
      'row of openrouter, openrouter: it is for https://openrouter.ai, and several providers have this address',
    ]);
    const { keys: own } = await plan([at('openai', 'https://api.openai.com/v1/')]);
    assert.deepEqual(own, [['openai', openai, 'new']]);
  });

  it('finds the provider by its id, by its kind, or else in the catalogue', async () => {
    const { keys, bad } = await plan([
      row('OpenAI'),
      row('work'),
      row('mistral', 'Zq8Wm3Xc5Vb7Nn9Mk1Lj2Hg4Fd6Ss0Pa'),
      row('groq', 'gsk_0123456789'),
    ]);
    assert.deepEqual(keys, [
      ['openai', openai, 'new'],
      ['work', 'https://models.work.example', 'new'],
      ['mistral-eu', 'https://api.mistral.ai', 'new'],
      ['groq', 'https://api.groq.com', 'new', 'adds it'],
    ]);
    assert.deepEqual(bad, []);
  });

  it('reports why a row cannot be imported, and imports the others', async () => {
    const { keys, bad } = await plan([
      row('house models'),
      row('deepseek'),
      row('openrouter'),
      row('sandbox'),
      row('openai', ' '),
      row('openai', 'two words'),
      row('openai', `gsk_${'a1'.repeat(24)}`),
      row('openai'),
      row('open_ai'),
      row('openai', `${key}2`),
    ]);
    assert.deepEqual(keys, [['openai', openai, 'new']]);
    assert.deepEqual(bad, [
      "row of house models, house models: there is no provider 'house models'",
      'row of deepseek, deepseek: the settings of deepseek are invalid',
      'row of openrouter, openrouter: several providers are of kind openrouter: router-1, router-2',
      'row of sandbox, sandbox: sandbox does not need a key',
      'row of openai, openai: it is empty',
      'row of openai, openai: it is not a key: it contains spaces or non-ASCII characters',
      'row of openai, openai: it looks like a key for another service (Groq key), not for openai',
      "row of open_ai, open_ai: there is no provider 'open_ai'",
      'row of openai, openai: openai already gets its key from row of openai',
    ]);
    assert.ok(!JSON.stringify(bad).includes('canary'));
  });

  it('reports the reason to the user in the user language and to the log in English', async () => {
    const { planned } = await plan([row('house models'), row('openai', ' '), row('openai'), row('openai')]);
    assert.deepEqual(
      planned.bad.map(({ place, problem }) => [place(mute), problem(mute)]),
      [
        ['house models, house models', 'house models'],
        ['openai, openai', ''],
        ['openai, openai', 'openai openai'],
      ],
    );
  });

  it('adds no provider whose address only the user knows', async () => {
    const { keys, bad } = await plan([row('openai-compatible')], [], parseProviders({}));
    assert.deepEqual(keys, []);
    assert.match(bad.join(), /set up openai-compatible first/);
  });

  it('distinguishes a key that is already stored from one that would be replaced', async () => {
    const { vault } = world.window();
    await vault.set('openai', openai, new Secret(key));
    assert.deepEqual((await plan([row('openai', base64)])).keys, [['openai', openai, 'same']]);
    assert.deepEqual((await plan([row('openai', `${key}2`)])).keys, [['openai', openai, 'replace']]);
    await vault.confirmOrigin('openai', 'https://old.example');
    assert.deepEqual((await plan([row('openai')])).keys, [['openai', openai, 'replace']]);
  });

  it('imports a stored key again if its provider is not in the settings', async () => {
    const { vault } = world.window();
    await vault.set('groq', 'https://api.groq.com', new Secret('gsk_0123456789'));
    assert.deepEqual((await plan([row('groq', 'gsk_0123456789')])).keys, [
      ['groq', 'https://api.groq.com', 'new', 'adds it'],
    ]);
  });

  it('does not replace a locked key', async () => {
    const other = world.window({ LLM_SECRET_KEY: MasterKey.generate().reveal() });
    await other.vault.set('openai', openai, new Secret(key));
    const { keys, bad } = await plan([row('openai')]);
    assert.deepEqual(keys, []);
    assert.match(bad.join(), /locked/);
  });

  it('opens tokens of the server with its keys, and reports missing keys', async () => {
    const server = MasterKey.generate();
    const older = MasterKey.generate();
    const rows = [row('openai', await sealToken(key, server)), row('work', await sealToken(base64, older))];
    assert.equal(hasTokens(rows), true);
    assert.equal(hasTokens([row('openai', base64), row('work')]), false);

    const serverKeys = parseServerKeys(`${server.reveal()}, ${older.reveal()}`);
    assert.ok(serverKeys);
    const { planned } = await plan(rows, serverKeys);
    // A sealed text is the key itself: no layout has base64 inside a token.
    assert.deepEqual(
      planned.keys.map((one) => one.key.reveal()),
      [key, base64],
    );
    assert.match((await plan(rows)).bad.join(), /you did not enter the server's key/);
    assert.match((await plan(rows, [MasterKey.generate()])).bad.join(), /the server's key cannot decrypt/);
    assert.equal(parseServerKeys('c2hvcnQ='), undefined);
    assert.equal(parseServerKeys(''), undefined);
  });

  it('refuses a key of the server that is not random, and says so', () => {
    const weak = `${MasterKey.generate().reveal()}, ${Buffer.alloc(32).toString('base64')}`;
    assert.equal(parseServerKeys(weak), undefined);
    assert.match(serverKeyProblem(weak)?.(english) ?? '', /not random/);
    assert.match(serverKeyProblem('c2hvcnQ=')?.(english) ?? '', /32 bytes in base64/);
    assert.equal(serverKeyProblem(MasterKey.generate().reveal()), undefined);
  });

  it('does not print a key of the plan', async () => {
    const { planned } = await plan([row('openai'), row('groq')]);
    const places = planned.keys.map(({ place }) => place(english));
    assert.ok(!JSON.stringify([planned, places]).includes('canary'));
    assert.equal(planned.keys[0]?.redactedKey, '*********cdef');
  });

  it('stores the selected keys, adds missing providers, and continues after a failure', async () => {
    const { vault } = world.window();
    const { planned } = await plan([row('openai'), row('groq', 'gsk_0123456789'), row('work')]);
    const added: unknown[] = [];
    const report = await applyImport(planned.keys, {
      vault: {
        set: (provider, ...rest) =>
          provider === 'work'
            ? Promise.resolve({ ok: false, error: { kind: 'store', message: 'full' } })
            : vault.set(provider, ...rest),
      },
      addProvider: (id, entry) => Promise.resolve(void added.push([id, entry])),
      clean,
    });
    assert.deepEqual(report.imported, ['openai', 'groq']);
    assert.deepEqual(
      report.failed.map(({ place, problem }) => [place(english), problem(english)]),
      [['row of work, work', "VS Code's secret storage failed: full"]],
    );
    assert.deepEqual(added, [['groq', { kind: 'groq' }]]);
    const opened = await vault.open('openai', openai);
    assert.equal(opened.ok && opened.value?.secret.reveal(), key);
    assert.equal(world.events[0]?.kind, 'keyImported');
  });

  it('continues after settings that cannot be written and a locked ledger', async () => {
    const { vault } = world.window();
    const { planned } = await plan([row('openai'), row('groq', 'gsk_0123456789'), row('work')]);
    const report = await applyImport(planned.keys, {
      vault: {
        set: (provider, ...rest) =>
          provider === 'openai'
            ? Promise.reject(new Error(`the ledger is locked ${key}`))
            : vault.set(provider, ...rest),
      },
      addProvider: () => Promise.reject(new Error('settings.json has errors')),
      clean,
    });
    assert.deepEqual(report.imported, ['work']);
    assert.deepEqual(
      report.failed.map(({ place, problem }) => [place(english), problem(english)]),
      [
        ['row of openai, openai', 'the ledger is locked [key]'],
        ['row of groq, groq', 'settings.json has errors'],
      ],
    );
  });
});
