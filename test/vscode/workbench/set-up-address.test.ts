import assert from 'node:assert/strict';
import { canary } from '../../support/canary.ts';
import { goodAnswers } from '../../support/dialect-events.ts';
import {
  answer,
  reply,
  startFaultUpstream,
  type Behaviour,
  type FaultUpstream,
} from '../../support/fault-upstream.ts';
import { ask, openAiLike, setUpToStep, type SetUpProvider } from '../../support/vscode/callguard.ts';
import { until } from '../../support/vscode/until.ts';
import type { Window } from '../../support/vscode/window.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

const nothing = reply(404, { error: { message: 'Not Found' } });

/** A server that has its API below this path, and nothing elsewhere. */
const below =
  (path: string, api: Behaviour = openAiLike): Behaviour =>
  (exchange) =>
    ['/models', '/chat/completions'].some((end) => exchange.request.url === path + end)
      ? api(exchange)
      : nothing(exchange);

describe('the address of a provider', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    workbench = await Workbench.start();
    window = await workbench.openWindow();
    await window.waitForNotification('Callguard protects your LLM calls');
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  async function testFrom(text: string): Promise<void> {
    await window.quickInput.pick('Send a test request');
    await window.quickInput.waitForPlaceholder(text);
  }

  /** Ends the set-up without a default model, and reads what was stored. */
  async function storedAddress(id: string): Promise<string | undefined> {
    const { quickInput } = window;
    await quickInput.waitForStep(7);
    await quickInput.pick('No, let me choose each time');
    await quickInput.waitUntilClosed();
    const entries = async () =>
      ((await workbench.readSettings())['callguard.providers'] ?? {}) as Readonly<
        Record<string, { baseUrl: string } | undefined>
      >;
    const stored = await until('the entry in the settings', entries, (read) => read[id] !== undefined);
    return stored[id]?.baseUrl;
  }

  const provider = (id: string, baseUrl: string): SetUpProvider => ({
    ...{ id, baseUrl },
    ...{ key: '', model: 'small' },
  });

  for (const [what, entered, real] of [
    ['lacks the version of the API', '', '/v1'],
    ['has a version that the server does not', '/v1', ''],
  ] as const) {
    it(`is found by the list of models if the one that you enter ${what}`, async () => {
      const { quickInput } = window;
      const id = `listed${real.replace('/', '-')}`;
      upstream.script(below(real));
      await setUpToStep(window, provider(id, upstream.origin + entered), 5);
      await quickInput.waitForPlaceholder(`which will be the base URL`);
      assert.ok((await quickInput.placeholder()).includes(`Nothing is at ${upstream.origin}${entered}`));
      await quickInput.toggle('small');
      await quickInput.accept();
      await quickInput.waitForStep(6);
      await testFrom('answered');
      await quickInput.pick('Continue');
      assert.equal(await storedAddress(id), upstream.origin + real);
    });

    it(`is offered after the test if a server without a list is entered and ${what}`, async () => {
      const { quickInput } = window;
      const id = `tested${real.replace('/', '-')}`;
      upstream.script(
        below(real, (exchange) => (exchange.request.method === 'GET' ? nothing : openAiLike)(exchange)),
      );
      await setUpToStep(window, provider(id, upstream.origin + entered), 5);
      await quickInput.waitForPlaceholder('Type the model IDs');
      await quickInput.type('small');
      await quickInput.accept();
      await quickInput.accept();
      await quickInput.waitForStep(6);
      await testFrom('404');
      await quickInput.pick(`Use ${upstream.origin}${real}, which answers`);
      assert.equal(await storedAddress(id), upstream.origin + real);
    });
  }

  it('stays as you entered it if the server answers nowhere', async () => {
    const { quickInput } = window;
    upstream.script(nothing);
    await setUpToStep(window, provider('nowhere', `${upstream.origin}/api`), 5);
    await quickInput.waitForPlaceholder('Type the model IDs');
    await quickInput.type('small');
    await quickInput.accept();
    await quickInput.accept();
    await quickInput.waitForStep(6);
    await testFrom('404');
    const labels = (await quickInput.items()).map(({ label }) => label);
    assert.ok(!labels.some((label) => label.includes('which answers')), labels.join());
    await quickInput.pick('Continue anyway');
    assert.equal(await storedAddress('nowhere'), `${upstream.origin}/api`);
  });

  it("leads to Google's own API for Gemini, with the key in Google's header", async () => {
    const baseUrl = `${upstream.origin}/v1beta`;
    upstream.script(answer(goodAnswers['google-generative']));
    await workbench.changeSettings(window, {
      'callguard.defaultModel': 'gemini/gemini-test',
      'callguard.providers': {
        gemini: { kind: 'google', baseUrl, models: { list: ['gemini-test'] } },
        other: { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['small'] } },
      },
    });
    await window.runCommand('Callguard: Replace Key');
    await window.quickInput.waitForPlaceholder('Select a provider');
    await window.quickInput.pick('gemini');
    await window.quickInput.waitForTitle('gemini');
    await window.quickInput.type(canary);
    await window.quickInput.accept();
    await window.quickInput.waitUntilClosed();
    upstream.forget();
    await ask(window, 'Are you Gemini?', /Hello world/);
    const request = await upstream.request(0);
    assert.match(request.url, /^\/v1beta\/models\/gemini-test:streamGenerateContent\?alt=sse$/);
    assert.equal(request.headers['x-goog-api-key'], canary);
    assert.match(request.body, /"contents":\[\{"role":"user","parts":\[\{"text":"Are you Gemini\?"\}\]\}\]/);
  });
});
