import assert from 'node:assert/strict';
import { freePort } from '../../support/free-port.ts';
import { ask, chatBody } from '../../support/gateway.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { openTree, readToken } from '../../support/vscode/callguard.ts';
import { isDefined, until } from '../../support/vscode/until.ts';
import type { Window } from '../../support/vscode/window.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

const repeats = 8;

describe('a gateway token for a tool', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;
  let origin: string;

  before(async () => {
    upstream = await startFaultUpstream();
    const prices = { m: { input: 1_000, output: 2_000 }, n: { input: 1, output: 2 } };
    const acme = {
      kind: 'openai-compatible',
      baseUrl: upstream.baseUrl,
      models: { list: ['m', 'n'] },
      prices,
    };
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    workbench = await Workbench.start({
      settings: { 'callguard.providers': { acme }, 'callguard.gateway.port': port },
    });
    window = await workbench.openWindow();
    await openTree(window);
    await window.runCommand('Callguard: Start Gateway');
    await window.waitForNotification('The gateway is running');
  });
  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  const create = async (fields: Readonly<Record<string, string>>) => {
    const { quickInput } = window;
    await window.runCommand('Callguard: Gateway Tokens');
    await quickInput.waitForTitle('Gateway Tokens');
    await quickInput.pick('New token for a tool');
    await quickInput.waitForTitle('New Tenant Token');
    await quickInput.pick('default');
    for (const [field, text] of Object.entries(fields)) {
      await quickInput.waitForPlaceholder('Change what the token may do');
      await quickInput.pick(field);
      if (field === 'Tool') {
        await quickInput.waitForTitle('Tool');
        await quickInput.pick(text);
      } else {
        await quickInput.waitForPlaceholder('Leave it empty for none');
        await quickInput.type(text);
        await quickInput.accept();
      }
    }
    await quickInput.waitForPlaceholder('Change what the token may do');
    const items = await quickInput.items();
    await quickInput.pick('Create Token');
    const { detail } = await until('the token', () => window.dialog(), isDefined);
    await window.clickDialogButton('Done');
    const shown = Object.fromEntries(items.map(({ label, description }) => [label, description]));
    return { token: readToken(detail), shown };
  };
  const call = (token: string, content: string, model = 'm') =>
    ask(origin, '/v1/chat/completions', {
      token,
      body: chatBody({ model, messages: [{ role: 'user', content }] }),
      headers: { 'x-claude-code-session-id': 'one' },
    });
  const row = (label: string, says: RegExp) =>
    until(
      `the row ${label} to say ${String(says)}`,
      () => window.tree('Providers'),
      (rows) => rows.some((found) => found.label === label && says.test(found.description)),
    );

  it('gets its tool, caps, models and expiry in a dialog, and refuses what they do not allow', async () => {
    const { token, shown } = await create({
      Tool: 'Claude Code',
      'Requests a day': '2',
      'US dollars a day': '5',
      Models: 'm',
      Expires: '30',
    });
    assert.equal(shown['Name'], 'Claude Code');
    assert.equal(shown['Requests a day'], '2 requests a day');
    assert.equal(shown['US dollars a day'], '$5.00 a day');
    assert.equal(shown['Models'], 'm');
    assert.match(shown['Expires'] ?? '', /\d{4}/);
    const other = await call(token, 'Hello', 'n');
    assert.equal(other.code, 'policy');
    assert.match(other.text, /does not allow/);
    for (const content of ['one', 'two']) assert.equal((await call(token, content)).status, 200);
    const refused = await call(token, 'three');
    assert.deepEqual([refused.code, refused.status], ['cap', 429]);
    assert.match(refused.text, /2 requests a day for the token 'Claude Code'.*Try again/);
  });

  it('stands in the tree with what it used today', async () => {
    await window.expand('Providers', 'Gateway');
    await row('Claude Code', /^\$\d\.\d\d · 100% of cap · 2 calls · \d+ tokens$/);
    await window.expand('Providers', 'Tools');
    await until(
      'the row of the tool beside the row of its token',
      () => window.tree('Providers'),
      (rows) => rows.filter(({ label }) => label === 'Claude Code').length === 2,
    );
  });

  it('warns once of a session in a loop, which the user can pause and resume', async () => {
    const { token } = await create({ Tool: 'Codex' });
    const again = () =>
      ask(origin, '/v1/chat/completions', {
        token,
        body: chatBody({ model: 'm' }),
        headers: { 'session-id': 'one' },
      });
    for (let time = 0; time < repeats; time++) assert.equal((await again()).status, 200);
    const { message, severity, buttons } = await window.waitForNotification('again and again');
    assert.match(message, /Codex, since \d{1,2}:\d\d [AP]M\b/);
    assert.deepEqual([severity, buttons], ['warning', ['Pause Session']]);
    await window.clickNotificationButton('Pause Session');
    await window.waitForNotification('session is paused');
    const refused = await again();
    assert.equal(refused.code, 'paused');
    assert.match(refused.text, /session/);
    const another = await ask(origin, '/v1/chat/completions', {
      token,
      body: chatBody({ model: 'm' }),
      headers: { 'session-id': 'another' },
    });
    assert.equal(another.status, 200);
    await window.clickNotificationButton('Resume Session');
    await until(
      'the session to go on',
      async () => (await again()).status,
      (status) => status === 200,
    );
  });
});
