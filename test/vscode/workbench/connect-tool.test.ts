import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { ask, chatBody } from '../../support/gateway.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { openTree, readToken } from '../../support/vscode/callguard.ts';
import { until } from '../../support/vscode/until.ts';
import type { Window } from '../../support/vscode/window.ts';
import type { Dialog } from '../../support/vscode/window-parts.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

const secret = 'sk-ant-api03-canaryOfTheSettings0123456789abcdefghijklmnopqrstuvwxyz';
const settingsBefore = `{
  // What the user has set.
  "model": "opus",
  "env": {
    "OTHER_KEY": "${secret}"
  },
}
`;

describe('Connect a Tool', () => {
  let home: string;
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;
  let origin: string;

  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'callguard-home-'));
    upstream = await startFaultUpstream();
    const acme = { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['m'] } };
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    workbench = await Workbench.start({
      env: { HOME: home, XDG_CONFIG_HOME: path.join(home, '.config') },
      settings: { 'callguard.providers': { acme }, 'callguard.gateway.port': port },
    });
    window = await workbench.openWindow();
    await openTree(window);
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  after(async () => {
    await workbench.stop();
    await upstream.close();
    await rm(home, { recursive: true });
  });

  const inHome = (name: string) => path.join(home, name);
  const read = (name: string) => readFile(inHome(name), 'utf8');
  const connect = async (tool: string, way: string) => {
    await window.runCommand('Callguard: Connect a Tool');
    await window.quickInput.waitForTitle('Connect a Tool');
    await window.quickInput.pick(tool);
    await window.quickInput.waitForTitle(`Connect ${tool}`);
    await window.quickInput.pick(way);
  };
  const dialogThatSays = (message: string) =>
    until(
      `the dialog ${JSON.stringify(message)}`,
      () => window.dialog(),
      (dialog): dialog is Dialog => dialog?.message.includes(message) === true,
    );
  const copied = async (text: string) => {
    await window.clickDialogButton('Copy');
    await until(
      `${text} in the clipboard`,
      () => window.page.evaluate<string>('navigator.clipboard.readText()'),
      // The text of a dialog has no line breaks when it is read.
      (found) => found.replaceAll('\n', '') === text,
    );
  };
  /** The token in the dialog that ends the command, which is closed. */
  const tokenShown = async (tool: string) => {
    const { detail } = await dialogThatSays(`Start ${tool} in a shell`);
    await window.clickDialogButton('Copy');
    return readToken(detail);
  };
  const remove = async (tool: string) => {
    await window.runCommand('Callguard: Remove Tool');
    await window.quickInput.waitForPlaceholder('Select a tool to remove');
    await window.quickInput.pick(tool);
    const { detail } = await dialogThatSays(`Remove ${tool}?`);
    await window.clickDialogButton('Remove');
    return detail;
  };
  const status = async (token: string) =>
    (await ask(origin, '/v1/chat/completions', { token, body: chatBody() })).status;
  const untilRefused = (token: string) =>
    until(
      'the token to be refused',
      () => status(token),
      (answered) => answered === 401,
    );
  const filesOf = async (folder: string) => {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    return Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'utf8')));
  };

  it('writes the settings of Claude Code after it has shown the change, and Remove Tool takes them back', async () => {
    const file = '.claude/settings.json';
    await mkdir(inHome('.claude'));
    await writeFile(inHome(file), settingsBefore);
    await connect('Claude Code', 'Change the settings of Claude Code');
    const item = `Write ${inHome(file)}`;
    await until(
      'the diff',
      () => window.page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor').innerText(),
      (text) => text.includes('ANTHROPIC_BASE_URL'),
    );
    const shown = await window.page.locator('.monaco-diff-editor').innerText();
    assert.match(shown, /OTHER_KEY.*\*\*\*/);
    assert.ok(!shown.includes(secret));
    assert.equal(await read(file), settingsBefore);
    await window.quickInput.pick(item);
    const token = await tokenShown('Claude Code');
    const written = await read(file);
    assert.ok(written.includes(`"ANTHROPIC_BASE_URL": "${origin}"`));
    assert.match(written, /"apiKeyHelper": "printenv CALLGUARD_TOKEN /);
    assert.ok(written.includes(secret) && written.includes('// What the user has set.'));
    assert.equal(await status(token), 200);
    assert.match(await remove('Claude Code'), /revoked, and the change in .*settings\.json taken back/);
    await until(
      'the settings as they were',
      () => read(file),
      (text) => text === settingsBefore,
    );
    await untilRefused(token);
  });

  it('takes back what was there before a tool was connected again', async () => {
    const file = '.gemini/settings.json';
    const ways = [
      'Change the settings of Gemini CLI',
      'Change the settings of Gemini CLI',
      'Show a curl command',
    ];
    const tokens: string[] = [];
    for (const way of ways) {
      await connect('Gemini CLI', way);
      if (way.startsWith('Change')) await window.quickInput.pick(`Write ${inHome(file)}`);
      tokens.push(await tokenShown('Gemini CLI'));
      assert.match(await read(file), /"selectedType": "gemini-api-key"/);
    }
    assert.deepEqual(await Promise.all(tokens.map(status)), [401, 401, 200]);
    assert.match(await remove('Gemini CLI'), /the change in .*settings\.json taken back/);
    await until(
      'the file that was made to go',
      () => Promise.resolve(existsSync(inHome(file))),
      (exists) => !exists,
    );
  });

  it('shows the lines for Codex with Copy, and writes the token to no file', async () => {
    await connect('Codex', 'Show the lines for the settings of Codex');
    const { detail } = await dialogThatSays('Add this to');
    assert.match(detail, /env_key = "CALLGUARD_TOKEN"/);
    await copied(detail);
    const token = await tokenShown('Codex');
    assert.equal(await status(token), 200);
    assert.ok(!existsSync(inHome('.codex')));
    for (const folder of [home, workbench.folder])
      assert.ok((await filesOf(folder)).every((text) => !text.includes(token)));
    assert.match(await remove('Codex'), /^Its token will be revoked\.$/);
    await untilRefused(token);
  });

  const opencode = '.config/opencode/opencode.json';
  for (const [what, says, prepare] of [
    [
      'behind a symbolic link',
      'symbolic link',
      async () => {
        await mkdir(inHome('elsewhere'));
        await writeFile(inHome('elsewhere/opencode.json'), '{}');
        await mkdir(inHome('.config/opencode'), { recursive: true });
        await symlink(inHome('elsewhere/opencode.json'), inHome(opencode));
      },
    ],
    [
      'in a Git repository',
      'Git repository',
      async () => {
        await mkdir(inHome('.config/opencode/.git'), { recursive: true });
        await writeFile(inHome(opencode), '{}');
      },
    ],
    [
      'with a syntax error',
      'syntax error',
      async () => {
        await mkdir(inHome('.config/opencode'), { recursive: true });
        await writeFile(inHome(opencode), '{ "provider": ');
      },
    ],
  ] as const) {
    it(`only shows the values for a settings file ${what}`, async () => {
      await prepare();
      const before = await read(opencode);
      await connect('opencode', 'Change the settings of opencode');
      const { detail } = await dialogThatSays('Add this to');
      assert.ok(detail.includes(says) && detail.includes('Callguard does not change it.'), detail);
      assert.match(detail, /"provider\.callguard"|"callguard"/);
      await window.clickDialogButton('Done');
      const token = await tokenShown('opencode');
      assert.equal(await read(opencode), before);
      assert.match(await remove('opencode'), /^Its token will be revoked\.$/);
      await untilRefused(token);
      await rm(inHome('.config/opencode'), { recursive: true });
    });
  }

  it('changes nothing and makes no token if the user cancels at the change', async () => {
    await connect('Qwen Code', 'Change the settings of Qwen Code');
    await window.quickInput.pick('Cancel');
    await window.quickInput.waitUntilClosed();
    assert.ok(!existsSync(inHome('.qwen')));
    await window.runCommand('Callguard: Remove Tool');
    await window.waitForNotification('No tool is connected.');
  });

  it('opens a guarded terminal whose token is for the tool', async () => {
    await connect('Copilot CLI', 'Open a guarded terminal');
    await until(
      'the terminal to say how to start the tool',
      () => window.page.locator('.terminal-wrapper.active .xterm-rows').innerText(),
      (text) => text.replaceAll(/\s+/g, ' ').includes('Start Copilot CLI with: copilot'),
    );
    await window.runCommand('Callguard: Gateway Tokens');
    await until(
      'the token of the terminal',
      () => window.quickInput.items(),
      (all) => all.some(({ label }) => label === 'Copilot CLI (terminal)'),
    );
    await window.quickInput.cancel();
    await window.runCommand('Terminal: Kill the Active Terminal Instance');
  });
});
