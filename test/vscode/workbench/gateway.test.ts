import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hasCurl } from '../../support/curl.ts';
import { freePort } from '../../support/free-port.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, chatBody, type Answered } from '../../support/gateway.ts';
import { skipBecause } from '../../support/skip.ts';
import { logText, makeToken, openTree } from '../../support/vscode/callguard.ts';
import { isDefined, pressUntil, until } from '../../support/vscode/until.ts';
import type { Window } from '../../support/vscode/window.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

const shellPatienceMs = 5_000;

describe('the gateway', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;
  let origin: string;
  let management: string;

  before(async () => {
    upstream = await startFaultUpstream();
    const acme = { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['m'] } };
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    workbench = await Workbench.start({
      settings: { 'callguard.providers': { acme }, 'callguard.gateway.port': port },
    });
    window = await workbench.openWindow();
  });
  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  const gatewayRow = (says: string) =>
    until(
      `the tree to say ${JSON.stringify(says)} of the gateway`,
      () => window.tree('Providers'),
      (rows) => rows.some(({ label, description }) => label === 'Gateway' && description.includes(says)),
    );
  const served = () =>
    until<unknown>(
      'the gateway to answer',
      () => ask(origin, '/api/llm/status', { token: management }).catch((error: unknown) => error),
      (answer) => (answer as Partial<Answered>).status === 200,
    );
  /** How often a window has started to serve. */
  const turns = async () => (await logText(workbench)).split('Gateway: serving on port').length - 1;

  it('is off until the user starts it', async () => {
    await openTree(window);
    await assert.rejects(ask(origin, '/health'), /ECONNREFUSED/);
    await window.runCommand('Callguard: Start Gateway');
    const { buttons } = await window.waitForNotification(`The gateway is running at ${origin}`);
    assert.deepEqual(buttons, ['Copy Address', 'Manage Tokens', 'Open Guarded Terminal']);
    await gatewayRow(origin);
    assert.equal((await ask(origin, '/health')).status, 200);
  });

  it('shows a token once, to be copied', async () => {
    management = await makeToken(window, ['New management token']);
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await window.clickDialogButton('Copy');
    await until(
      'the token in the clipboard',
      () => window.page.evaluate('navigator.clipboard.readText()'),
      (text) => text === management,
    );
    await served();
    await window.runCommand('Callguard: Gateway Tokens');
    await window.quickInput.waitForTitle('Gateway Tokens');
    const items = await until(
      'the token in the list',
      () => window.quickInput.items(),
      (all) => all.some(({ label }) => label === 'management'),
    );
    assert.ok(!JSON.stringify(items).includes(management.slice(-8)));
    await window.quickInput.cancel();
    assert.ok(!(await logText(workbench)).includes(management.slice(-8)));
    assert.ok(!(await workbench.browserStorage()).includes(management.slice(-8)));
  });

  it('opens a guarded terminal whose tools reach it until the terminal is closed', async function () {
    if (!hasCurl()) skipBecause(this, 'curl is not installed');
    const result = (name: string) => path.join(workbench.workspace, name);
    await window.runCommand('Callguard: Open Guarded Terminal');
    const input = window.page.locator('.terminal-wrapper.active .xterm-helper-textarea');
    await input.waitFor();
    // Text that is typed before the shell is ready may be lost.
    await pressUntil(
      'the shell to hear',
      async () => {
        await input.focus();
        await window.page.keyboard.insertText('touch begun');
        await window.press('Enter');
      },
      () => Promise.resolve(existsSync(result('begun'))),
      shellPatienceMs,
    );
    const body = JSON.stringify(chatBody()).replaceAll('"', String.raw`\"`);
    const lines = {
      'env.txt': 'env > env.txt',
      'answer.txt': `curl -sS "$OPENAI_BASE_URL/chat/completions" -H "authorization: Bearer $OPENAI_API_KEY" -H "content-type: application/json" -d "${body}" > answer.txt`,
      'models.txt':
        'curl -sS "$ANTHROPIC_BASE_URL/v1/models" -H "authorization: Bearer $ANTHROPIC_AUTH_TOKEN" > models.txt',
    };
    // Callguard checks once what the shell has, as soon as VS Code knows the shell. A line that is typed then is lost.
    for (const [name, line] of Object.entries(lines)) {
      await pressUntil(
        `the terminal to write ${name}`,
        async () => {
          await window.page.keyboard.insertText(`${line} && mv ${name} done-${name}`);
          await window.press('Enter');
        },
        () => Promise.resolve(existsSync(result(`done-${name}`))),
        shellPatienceMs,
      );
    }
    assert.match(await readFile(result('done-answer.txt'), 'utf8'), /Hello.*world.*\[DONE\]/s);
    assert.match(await readFile(result('done-models.txt'), 'utf8'), /"id":"acme\/m"/);
    const variables = new Map(
      (await readFile(result('done-env.txt'), 'utf8'))
        .split('\n')
        .map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
    );
    const token = variables.get('OPENAI_API_KEY') ?? '';
    assert.match(token, /^callguard_[\w-]{43}$/);
    const found = ['OPENAI_BASE_URL', 'OPENAI_API_BASE', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'];
    assert.deepEqual(
      found.map((name) => variables.get(name)),
      [`${origin}/v1`, `${origin}/v1`, origin, token],
    );
    await window.runCommand('Terminal: Kill the Active Terminal Instance');
    await until(
      'its token to be refused',
      async () => (await ask(origin, '/v1/models', { token })).status,
      (status) => status === 401,
    );
  });

  for (const [what, button, status] of [
    ['saves a provider for a program after the user has agreed to its settings', 'Set Up', 200],
    ['saves nothing if the user declines', 'Cancel', 403],
  ] as const) {
    it(what, async () => {
      const provider = `asked-${status}`;
      const settings = {
        kind: 'openai-compatible',
        baseUrl: 'https://api.bücher.example/v1',
        limits: { requestsPerDay: 7 },
      };
      const answer = ask(origin, '/api/llm/provider/configure', {
        token: management,
        body: { provider, settings },
      });
      const dialog = await until('the question', () => window.dialog(), isDefined);
      assert.match(dialog.message, new RegExp(`wants to set up the provider ${provider}`));
      assert.match(dialog.detail, /^OpenAI-compatible at https:\/\/api\.xn--bcher-kva\.example\/v1/);
      assert.match(dialog.detail, /"baseUrl": "https:\/\/api\.bücher\.example\/v1".*"requestsPerDay": 7/s);
      assert.match(dialog.detail, /No API key is included/);
      await window.clickDialogButton(button);
      assert.equal((await answer).status, status);
      const { 'callguard.providers': saved } = await workbench.readSettings();
      assert.equal(Object.hasOwn(saved as object, provider), status === 200);
    });
  }

  it('runs again after a reload, with the same tokens', async () => {
    const before = await turns();
    await window.reload();
    await until('the window to serve again', turns, (now) => now > before);
    await served();
  });

  it('moves to another window when its own is closed', async () => {
    const before = await turns();
    const second = await workbench.openWindow();
    await openTree(second);
    await until(
      'the second window to know',
      () => second.tree('Providers'),
      (rows) => rows.some(({ label, description }) => label === 'Gateway' && description === origin),
    );
    assert.equal(await turns(), before);
    await window.close();
    window = second;
    await until('the second window to serve', turns, (now) => now > before);
    await served();
  });

  it('stops for all windows when the user stops it in one', async () => {
    await window.runCommand('Callguard: Stop Gateway');
    await until(
      'no window to listen',
      () => ask(origin, '/health').then(() => 'answered', String),
      (answer) => answer.includes('ECONNREFUSED'),
    );
  });
});
