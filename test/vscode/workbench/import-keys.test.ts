import assert from 'node:assert/strict';
import path from 'node:path';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { sealToken } from '../../../src/vault/fernet.ts';
import { filesWith, writingsOf } from '../../support/canary.ts';
import { contentsOf, writeServerDatabase } from '../../support/key-sources.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { answerDialog } from '../../support/vscode/answer-dialog.ts';
import { ask, logText, openAiLike, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { confirmColumns, previewOf, startImport } from '../../support/vscode/import-keys.ts';
import { enterKey, keyAudit } from '../../support/vscode/keys.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const present = 'present-6c1f8e0a2d4b4793a5e0';
const fromDotenv = 'dotenv-key-19b7d3f0c58e46a2';
const fromJson = 'json-key-e2a6704c9d1b4f38';
const fromSqlite = 'sqlite-key-5d90ab3cf7e84126';
const groqKey = `gsk_${'Zz9'.repeat(17)}a`;
const fromToken = 'token-key-07fe13b2d86a4c05d';
const keys = [present, fromDotenv, fromJson, fromSqlite, fromToken, groqKey];
const answered = /Hello/;

/** The key of the server whose table is imported. */
const serverKey = MasterKey.generate();

const json = JSON.stringify([
  { provider: 'acme', api_key: fromJson },
  { provider: 'other', api_key: Buffer.from(present).toString('base64') },
  { api_key: 'of-nobody' },
]);

const dotenv = [
  '# keys of the team',
  `ACME_API_KEY="${fromDotenv}"`,
  `GROQ_API_KEY=${groqKey}`,
  'OPENAI_API_KEY="never closed',
  'UNKNOWN_API_KEY=some-key-of-nobody',
  'PORT=8080',
  '',
].join('\n');

describe('Import Keys', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;
  let atFirst: Map<string, string>;

  const sources = () => contentsOf(workbench.workspace);
  const lastKey = () => upstream.seen.at(-1)?.headers.authorization;

  const importFrom = (name: string) => startImport(window, path.join(workbench.workspace, name));

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    const provider = { kind: 'openai-compatible', baseUrl: upstream.baseUrl };
    workbench = await Workbench.start({
      settings: {
        'callguard.providers': {
          acme: { ...provider, models: { list: ['small'] } },
          other: { ...provider, models: { list: ['large'] } },
        },
      },
      files: { 'keys.env': dotenv, 'keys.json': json },
    });
    writeServerDatabase(path.join(workbench.workspace, 'server.db'), {
      acme: Buffer.from(fromSqlite).toString('base64'),
      groq: groqKey,
      other: await sealToken(fromToken, serverKey),
    });
    atFirst = await sources();
    window = await workbench.openWindow();
    await openTree(window);
    await enterKey(window, 'other', present);
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  it('previews a .env file with redacted keys, and imports only the picked ones', async () => {
    const { quickInput } = window;
    await importFrom('keys.env');
    const rows = await previewOf(window);
    assert.deepEqual(
      rows.map(({ label, description, detail, isChecked }) => [label, description, detail, isChecked]),
      [
        ['acme', `*********46a2 for ${upstream.origin}`, 'New · line 2, ACME_API_KEY', true],
        [
          'groq',
          '*********Zz9a for https://api.groq.com',
          'New (adds the provider to your settings) · line 3, GROQ_API_KEY',
          true,
        ],
        ['line 4, OPENAI_API_KEY', '', 'its value cannot be read', false],
        ['line 5, UNKNOWN_API_KEY, unknown', '', "there is no provider 'unknown'", false],
      ],
    );
    await quickInput.tryToToggle('line 4, OPENAI_API_KEY');
    await quickInput.toggle('groq');
    await quickInput.accept();
    await window.waitForNotification('Imported the keys of acme. 2 rows were not imported.');
    await ask(window, 'from .env', answered, 'small');
    assert.equal(lastKey(), `Bearer ${fromDotenv}`);
    const { 'callguard.providers': providers } = await workbench.readSettings();
    assert.deepEqual(Object.keys(providers ?? {}), ['acme', 'other']);
    assert.match(await logText(workbench), /its value cannot be read \(line 4, OPENAI_API_KEY\)/);
  });

  it('replaces a key only after the user has picked and confirmed it', async () => {
    const { quickInput } = window;
    const pickAcme = async () => {
      await importFrom('keys.json');
      await confirmColumns(window);
      const rows = await previewOf(window);
      assert.deepEqual(
        rows.map(({ label, detail, isChecked }) => [label, detail, isChecked]),
        [
          ['acme', 'Replaces the key in the vault · the array, row 1', false],
          ['other', 'Already in the vault · the array, row 2', false],
          ['the array, row 3', 'it has no provider', false],
        ],
      );
      await quickInput.toggle('acme');
      await quickInput.accept();
    };
    const question = 'Replace the keys of acme?';
    await pickAcme();
    assert.equal((await answerDialog(window, question)).message, question);
    await ask(window, 'after Esc', answered, 'small');
    assert.equal(lastKey(), `Bearer ${fromDotenv}`);
    await pickAcme();
    await answerDialog(window, question, 'Replace');
    await window.waitForNotification('Imported the keys of acme. 1 row was not imported.');
    await ask(window, 'from JSON', answered, 'small');
    assert.equal(lastKey(), `Bearer ${fromJson}`);
  });

  it("reads a server's SQLite file with keys in plain text, in base64, and sealed under its Fernet key", async () => {
    const { quickInput } = window;
    await importFrom('server.db');
    await confirmColumns(window);
    await quickInput.waitForTitle('Import Keys');
    await until(
      "the question for the server's key",
      () => quickInput.isPassword(),
      (isPassword) => isPassword,
    );
    await quickInput.type('not a key');
    await quickInput.accept();
    await until(
      'what is wrong with it',
      () => quickInput.message(),
      (message) => message.includes('32 bytes in base64'),
    );
    await quickInput.type(serverKey.reveal());
    await quickInput.accept();
    const rows = await previewOf(window);
    assert.deepEqual(
      rows.map(({ label, description, isChecked }) => [label, description.slice(0, 13), isChecked]),
      [
        ['acme', '*********4126', false],
        ['groq', '*********Zz9a', true],
        ['other', '*********c05d', false],
      ],
    );
    await quickInput.toggle('acme');
    await quickInput.toggle('other');
    await quickInput.accept();
    await until(
      'the question',
      () => window.dialog(),
      (dialog) => dialog?.message === 'Replace the keys of acme, other?',
    );
    await window.clickDialogButton('Replace');
    await window.waitForNotification('Imported the keys of acme, groq, other.');
    await ask(window, 'base64 of SQLite', answered, 'small');
    assert.equal(lastKey(), `Bearer ${fromSqlite}`);
    await ask(window, 'token of SQLite', answered, 'large');
    assert.equal(lastKey(), `Bearer ${fromToken}`);
    await providerRow(window, 'groq', /^0 calls today/);
  });

  it('changes no source, writes no file beside it, and no key in plain text anywhere', async () => {
    assert.deepEqual(await sources(), atFirst);
    assert.deepEqual(
      (await filesWith(workbench.folder, keys.flatMap(writingsOf))).filter(
        (file) => !file.startsWith(workbench.workspace),
      ),
      [],
    );
    const stored = await workbench.browserStorage();
    assert.deepEqual(
      keys.flatMap(writingsOf).filter((text) => stored.includes(text)),
      [],
    );
    const imported = (await keyAudit(window)).filter((line) => line.includes('kind=keyImported'));
    assert.equal(imported.length, 5);
    for (const line of imported) assert.match(line, /redactedKey=\*{9}\w{4}(\s|$)/);
  });
});
