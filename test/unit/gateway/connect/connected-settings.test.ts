import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeEdit, planEdit, takeBack } from '../../../../src/gateway/connect/connected-settings.ts';
import {
  redactSettings,
  toolConnections,
  type ConnectFacts,
  type ToolConnection,
} from '../../../../src/gateway/connect/tool-connections.ts';
import { createRedactor } from '../../../../src/redaction/redact.ts';
import { curlLine, variableLines } from '../../../../src/gateway/connect/variable-lines.ts';

const facts: ConnectFacts = {
  address: 'http://127.0.0.1:22557',
  models: ['acme/small', 'cheap'],
  model: 'acme/small',
};
const token = 'callguard_0123456789abcdef0123456789abcdef';

describe('connecting a tool', () => {
  let home: string;

  beforeEach(() => {
    home = realpathSync(mkdtempSync(path.join(tmpdir(), 'callguard-connect-')));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  const places = (platform: NodeJS.Platform = 'linux') => ({ home, env: {}, platform });
  const plan = async (settings: NonNullable<ToolConnection['settings']>, isSecret = false) =>
    planEdit(settings, facts, places(), () => isSecret);

  for (const [id, connection] of Object.entries(toolConnections) as [string, ToolConnection][]) {
    const { settings, lines } = connection;

    it(`gives ${id} the token in variables alone`, () => {
      assert.ok(Object.values(connection.variables(facts, token)).includes(token));
      const written = [
        settings === undefined ? '' : JSON.stringify(settings.values(facts, places())),
        lines?.text(facts) ?? '',
        connection.command(facts),
      ];
      assert.doesNotMatch(written.join(), /callguard_/);
    });

    if (settings === undefined) continue;

    it(`makes the settings file of ${id}, and removes it again`, async () => {
      const planned = await plan(settings);
      assert.ok(planned.ok);
      const connected = await makeEdit(planned.value, home);
      assert.ok(connected !== undefined);
      assert.ok(existsSync(connected.file));
      assert.ok(connected.file.startsWith(home));
      // As it is kept between sessions.
      const kept = JSON.parse(JSON.stringify(connected)) as typeof connected;
      assert.deepEqual(await takeBack(kept, home), { ok: true, value: [] });
      assert.ok(!existsSync(connected.file));
    });

    it(`changes the settings of ${id} that are there, and takes the change back to the byte`, async () => {
      const file = settings.files(places()).at(-1) ?? '';
      mkdirSync(path.dirname(file), { recursive: true });
      const text = '{\n  // of the user\n  "theme": "dark",\n  "provider": {\n    "mine": {}\n  }\n}\n';
      writeFileSync(file, text);
      const planned = await plan(settings);
      assert.ok(planned.ok);
      const connected = await makeEdit(planned.value, home);
      assert.ok(connected !== undefined);
      assert.equal(connected.file, file);
      assert.match(readFileSync(file, 'utf8'), /of the user/);
      assert.deepEqual(await takeBack(connected, home), { ok: true, value: [] });
      assert.equal(readFileSync(file, 'utf8'), text);
    });
  }

  it('does not replace a value that is a secret, because it would have to be kept', async () => {
    assert.deepEqual(await plan(toolConnections.claude.settings, true), { ok: false, error: 'secret' });
  });

  it('judges each value that it replaces by itself, so that a tool can be connected again', async () => {
    const redactor = createRedactor();
    const isSecret = (text: string) => redactSettings(text, (part) => redactor.redact(part)) !== text;
    for (const { settings } of Object.values(toolConnections) as ToolConnection[]) {
      for (let time = 0; settings !== undefined && time < 2; time++) {
        const planned = await planEdit(settings, facts, places(), isSecret);
        assert.ok(planned.ok, planned.ok ? '' : planned.error);
        await makeEdit(planned.value, home);
      }
    }
  });

  it('does not write a file that the tool has changed since the user saw the change', async () => {
    const planned = await plan(toolConnections.claude.settings);
    assert.ok(planned.ok);
    mkdirSync(path.join(home, '.claude'));
    writeFileSync(path.join(home, '.claude', 'settings.json'), '{ "model": "opus" }');
    assert.equal(await makeEdit(planned.value, home), undefined);
  });

  it('says what stays if the file is broken or gone when the settings are taken back', async () => {
    const planned = await plan(toolConnections.claude.settings);
    assert.ok(planned.ok);
    const connected = await makeEdit(planned.value, home);
    assert.ok(connected !== undefined);
    writeFileSync(connected.file, '{ "env": ');
    assert.deepEqual(await takeBack(connected, home), { ok: false, error: 'unreadable' });
    rmSync(connected.file);
    assert.deepEqual(await takeBack(connected, home), { ok: true, value: [] });
  });

  it('uses the folders that variables of the tools name', () => {
    const env = { CLAUDE_CONFIG_DIR: '/c', XDG_CONFIG_HOME: '/x', CODEX_HOME: '/h' };
    const elsewhere = { home, env, platform: 'linux' } as const;
    assert.deepEqual(toolConnections.claude.settings.files(elsewhere), [path.join('/c', 'settings.json')]);
    assert.equal(
      toolConnections.opencode.settings.files(elsewhere)[0],
      path.join('/x', 'opencode', 'opencode.json'),
    );
    assert.equal(toolConnections.codex.lines.file(elsewhere), path.join('/h', 'config.toml'));
  });

  it('prints the helper of Claude Code for Windows', () => {
    const values = toolConnections.claude.settings.values(facts, places('win32'));
    assert.equal(values[1]?.value, 'cmd /c echo %CALLGUARD_TOKEN%');
  });

  const variables = { A: "it's", B: String.raw`a\b` };
  for (const [shell, platform, lines] of [
    ['/bin/zsh', 'darwin', [String.raw`export A='it'\''s'`, String.raw`export B='a\b'`]],
    ['/usr/bin/fish', 'linux', [String.raw`set -gx A 'it\'s'`, String.raw`set -gx B 'a\\b'`]],
    ['C:\\Program Files\\PowerShell\\7\\pwsh.exe', 'win32', ["$env:A = 'it''s'", String.raw`$env:B = 'a\b'`]],
    [
      'C:\\Program Files\\Git\\bin\\bash.exe',
      'win32',
      [String.raw`export A='it'\''s'`, String.raw`export B='a\b'`],
    ],
    ['', 'linux', [String.raw`export A='it'\''s'`, String.raw`export B='a\b'`]],
  ] as const) {
    it(`writes variables for the shell '${shell}' on ${platform}`, () => {
      assert.equal(variableLines(variables, shell, platform), lines.join('\n'));
    });
  }

  it('quotes a model for curl', () => {
    assert.ok(curlLine(facts.address, "acme/it's").includes(String.raw`"acme/it'\''s"`));
  });
});
