import assert from 'node:assert/strict';
import path from 'node:path';
import { callguardVsix } from '../../../scripts/vsix.ts';
import { canary, filesWith, writingsOf } from '../../support/canary.ts';
import { chatEvents, stall, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import {
  ask,
  connectProvider,
  openAiLike,
  openTree,
  providerRow,
  setUpAnswers,
  setUpToStep,
} from '../../support/vscode/callguard.ts';
import { pressUntil, until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const writings = writingsOf(canary);

describe('Configure Provider, by keyboard', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    workbench = await Workbench.start();
    window = await workbench.openWindow();
    await window.waitForNotification('Callguard protects your LLM calls');
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  it('shows each input error in place, and keeps the text', async () => {
    const { quickInput } = window;
    const refused = async (text: string, words: RegExp) => {
      await quickInput.type(text);
      await quickInput.accept();
      await until(
        `the problem with ${JSON.stringify(text)}`,
        () => quickInput.message(),
        (message) => words.test(message),
      );
      assert.equal(await quickInput.value(), text);
    };
    await window.runCommand('Callguard: Configure Provider');
    await quickInput.waitForStep(1);
    await quickInput.pick('OpenAI');
    await quickInput.waitForStep(2);
    await refused('No Such Id', /a provider id must have/);
    await quickInput.type('openai');
    await quickInput.accept();
    await quickInput.waitForStep(3);
    await refused('', /Enter a key/);
    await refused('two words', /without spaces/);
    await refused(`gsk_${'a'.repeat(52)}`, /different kind of key \(Groq key\)\. Enter a key for OpenAI/);
    assert.equal(await quickInput.isPassword(), true);
    for (const step of [2, 1]) {
      await quickInput.back();
      await quickInput.waitForStep(step);
    }
    await quickInput.pick('OpenAI-compatible');
    await quickInput.waitForStep(2);
    await quickInput.accept();
    await quickInput.waitForStep(3);
    await refused('nonsense', /must be a URL/);
    await refused('ftp://example.com', /must begin with https/);
    await refused('https://me:secret@example.com', /must not contain a user name/);
    await quickInput.type('http://127.0.0.1:9/v1');
    await quickInput.accept();
    await quickInput.waitForStep(4);
    await quickInput.accept();
    await quickInput.waitForStep(5);
    await until(
      'word of the unreachable host',
      () => quickInput.placeholder(),
      (text) => text.includes('127.0.0.1'),
    );
    // While it fetches the models, it ignores Enter.
    await pressUntil(
      'the request for at least one model',
      () => quickInput.accept(),
      async () => (await quickInput.placeholder()).includes('at least one model'),
    );
    await quickInput.cancel();
    assert.equal((await workbench.readSettings())['callguard.providers'], undefined);
  });

  it('changes nothing when it is closed at any step, and goes back from each step', async () => {
    const { quickInput } = window;
    const provider = { id: 'acme', baseUrl: upstream.baseUrl, key: 'some-key', model: 'small' };
    const steps = [...setUpAnswers(quickInput, provider), () => quickInput.pick('Continue without a test')];
    for (let last = 1; last <= steps.length + 1; last++) {
      await window.runCommand('Callguard: Configure Provider');
      for (const [index, answerStep] of steps.slice(0, last - 1).entries()) {
        await quickInput.waitForStep(index + 1);
        await answerStep();
      }
      await quickInput.waitForStep(last);
      if (last > 1) {
        await quickInput.back();
        await quickInput.waitForStep(last - 1);
      }
      await quickInput.cancel();
    }
    assert.equal((await workbench.readSettings())['callguard.providers'], undefined);
  });

  it('keeps typed text while the models load, and accepts an id with Enter', async () => {
    const { quickInput } = window;
    const chosen = (...labels: string[]) =>
      until(
        `${labels.join(' and ')} to be chosen`,
        () => quickInput.items(),
        (items) =>
          items.length > 2 &&
          labels.join() === items.flatMap((item) => (item.isChecked ? item.label : [])).join(),
      );
    const list = Promise.withResolvers<undefined>();
    upstream.script(async (exchange) => {
      await list.promise;
      await openAiLike(exchange);
    });
    const provider = { id: 'acme', baseUrl: upstream.baseUrl, key: '', model: 'small' };
    await setUpToStep(window, provider, 5);
    await quickInput.type('medium');
    await quickInput.accept();
    await until(
      'what was typed',
      () => quickInput.items(),
      ([first]) => first?.label === 'medium',
    );
    await quickInput.type('small');
    list.resolve(undefined);
    await quickInput.waitForPlaceholder('Select models.');
    await quickInput.accept();
    await chosen('medium', 'small');
    for (const label of ['medium', 'small']) await quickInput.toggle(label);
    // A part of a listed id is a filter, until Enter is pressed again.
    await quickInput.type('smal');
    await quickInput.accept();
    await quickInput.waitForPlaceholder('Select at least one model');
    await quickInput.type('smal');
    await quickInput.accept();
    await chosen('smal');
    await quickInput.cancel();
  });

  it('stops its test when the user cancels it', async () => {
    const { quickInput } = window;
    upstream.script((exchange) =>
      (exchange.request.method === 'GET' ? openAiLike : stall([chatEvents.role]))(exchange),
    );
    const provider = { id: 'hung', baseUrl: upstream.baseUrl, key: '', model: 'small' };
    await setUpToStep(window, provider, 6);
    await quickInput.pick('Send a test request');
    await window.clickNotificationButton('Cancel');
    await upstream.idle();
    await quickInput.waitForPlaceholder('The test was cancelled.');
    await quickInput.cancel();
    upstream.script(openAiLike);
  });

  it('connects a provider with fetched models, tests it, and makes it the default', async () => {
    await connectProvider(window, { id: 'acme', baseUrl: upstream.baseUrl, key: canary, model: 'small' });
    await until(
      'the entry in the settings',
      () => workbench.readSettings(),
      (settings) => settings['callguard.defaultModel'] === 'acme/small',
    );
    assert.deepEqual((await workbench.readSettings())['callguard.providers'], {
      acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['small'] } },
    });
    // Other lists of models, which only some servers have, are asked for meanwhile and later.
    const asked = new Set(
      upstream.seen.map(({ method, url, headers }) => `${method} ${url} ${headers.authorization}`),
    );
    assert.ok(asked.has(`GET /v1/models Bearer ${canary}`));
    assert.ok(asked.has(`POST /v1/chat/completions Bearer ${canary}`));
  });

  it('keeps key and counts over a reload', async () => {
    await openTree(window);
    await providerRow(window, 'acme', /1 call today/);
    await window.reload();
    await openTree(window);
    await providerRow(window, 'acme', /1 call today/);
    await ask(window, 'Still there?', /Hello/);
    assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${canary}`);
    await providerRow(window, 'acme', /2 calls today/);
  });

  it('edits a provider: keeps key and limits, and refuses models that policy denies', async () => {
    const { quickInput } = window;
    const edited = {
      kind: 'openai-compatible',
      baseUrl: upstream.baseUrl,
      models: { list: ['small'], deny: ['large'] },
      limits: { requestsPerDay: 50 },
    };
    await workbench.changeSettings(window, {
      'callguard.defaultModel': 'acme/small',
      'callguard.providers': { acme: edited },
    });
    await window.runCommand('Callguard: Edit Provider');
    await quickInput.waitForPlaceholder('Select a provider to edit');
    await quickInput.pick('acme');
    await quickInput.waitForTitle('Edit acme (1/5)');
    assert.equal(await quickInput.value(), upstream.baseUrl);
    await quickInput.accept();
    await quickInput.waitForStep(2);
    assert.match(await quickInput.message(), /Leave it empty to keep the stored one/);
    await quickInput.accept();
    await quickInput.waitForStep(3);
    await quickInput.toggle('large');
    await quickInput.accept();
    await quickInput.waitForPlaceholder("'large' is denied by this provider's policy.");
    await quickInput.toggle('large');
    await quickInput.type('medium');
    await quickInput.accept();
    await until(
      'what was typed to be chosen',
      () => quickInput.items(),
      (items) => items.some(({ label, isChecked }) => label === 'medium' && isChecked),
    );
    await quickInput.accept();
    await quickInput.waitForStep(4);
    await quickInput.pick('Continue without a test');
    await quickInput.waitForStep(5);
    await quickInput.pick('No, keep acme/small');
    await quickInput.waitUntilClosed();
    const settings = await until(
      'the entry to be written',
      () => workbench.readSettings(),
      (read) => JSON.stringify(read['callguard.providers']).includes('medium'),
    );
    assert.deepEqual(settings['callguard.providers'], {
      acme: { ...edited, models: { deny: ['large'], list: ['medium', 'small'] } },
    });
    await ask(window, 'With the same key?', /Hello/);
    assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${canary}`);
  });

  it('refuses the id of an existing provider', async () => {
    const { quickInput } = window;
    await window.runCommand('Callguard: Configure Provider');
    await quickInput.waitForStep(1);
    await quickInput.pick('OpenAI');
    await quickInput.waitForStep(2);
    await quickInput.type('acme');
    await until(
      'word of the duplicate',
      () => quickInput.message(),
      (message) => message.includes("'acme' already exists"),
    );
    await quickInput.cancel();
  });

  it('leaves no key in plain text on disk or in the browser', async () => {
    assert.deepEqual(await filesWith(workbench.folder, writings), []);
    assert.deepEqual(await filesWith(path.dirname(callguardVsix), [canary]), []);
    const stored = await workbench.browserStorage();
    assert.deepEqual(
      writings.filter((text) => stored.includes(text)),
      [],
    );
  });

  it('asks before it removes a provider, and then removes settings and key', async () => {
    await window.runCommand('Callguard: Remove Provider');
    await window.quickInput.waitForPlaceholder('Select a provider to remove');
    await window.quickInput.pick('acme');
    await until(
      'the question',
      () => window.dialog(),
      (dialog) => dialog?.message.includes('Remove acme?') === true,
    );
    await window.clickDialogButton('Remove');
    await until(
      'the entry and what named it to be gone',
      () => workbench.readSettings(),
      (settings) =>
        JSON.stringify(settings['callguard.providers']) === '{}' &&
        settings['callguard.defaultModel'] === undefined,
    );
  });
});
