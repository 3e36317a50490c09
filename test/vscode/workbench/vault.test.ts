import assert from 'node:assert/strict';
import { filesWith, writingsOf } from '../../support/canary.ts';
import { reply, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, openAiLike, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { askForKey, clearNotifications, enterKey, keyAudit } from '../../support/vscode/keys.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const firstKey = 'sk-first-7d1c0a5e9b3f4826ad50c7e1';
const secondKey = 'sk-second-2b8f6e1d4c9a4073be25f8d6';
const answered = /Hello/;

describe('the key of a provider', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  const lastKey = () => upstream.seen.at(-1)?.headers.authorization;

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    workbench = await Workbench.start({
      settings: {
        'callguard.defaultModel': 'acme/small',
        'callguard.providers': {
          acme: { kind: 'openai', baseUrl: upstream.baseUrl, models: { list: ['small'] } },
          other: { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['large'] } },
        },
      },
    });
    window = await workbench.openWindow();
    await openTree(window);
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  it('can be entered from the message of a call that was refused for lack of it', async () => {
    const { quickInput } = window;
    await providerRow(window, 'acme', /key not set/);
    await ask(window, 'with no key', /Not sent\.\W+acme: No key is set/);
    await window.clickNotificationButton('Enter Key');
    await quickInput.waitForTitle('Enter the Key of acme');
    await quickInput.type(firstKey);
    await quickInput.accept();
    await window.waitForNotification('The key of acme was set.');
    assert.equal(upstream.seen.length, 0);
    await ask(window, 'with a key', answered);
    assert.equal(lastKey(), `Bearer ${firstKey}`);
    await providerRow(window, 'acme', /^1 call today/);
  });

  it('is refused in place if it cannot belong to this provider, and Esc changes nothing', async () => {
    const { quickInput } = window;
    await askForKey(window, 'acme');
    assert.equal(await quickInput.isPassword(), true);
    for (const [text, words] of [
      ['', /Enter a key, or press Esc/],
      [`gsk_${'a'.repeat(52)}`, /different kind of key \(Groq key\)\. Enter a key for OpenAI/],
    ] as const) {
      await quickInput.type(text);
      await quickInput.accept();
      await until(
        `the problem with ${JSON.stringify(text)}`,
        () => quickInput.message(),
        (message) => words.test(message),
      );
      assert.equal(await quickInput.value(), text);
    }
    await quickInput.cancel();
    await ask(window, 'still the first', answered);
    assert.equal(lastKey(), `Bearer ${firstKey}`);
  });

  it('is replaced by one that the next call uses, and the old one is gone', async () => {
    await enterKey(window, 'acme', secondKey);
    await ask(window, 'the second', answered);
    assert.equal(lastKey(), `Bearer ${secondKey}`);
    const writings = [firstKey, secondKey].flatMap(writingsOf);
    assert.deepEqual(await filesWith(workbench.folder, writings), []);
    const stored = await workbench.browserStorage();
    assert.deepEqual(
      writings.filter((text) => stored.includes(text)),
      [],
    );
  });

  it('is shown as rejected after the provider has rejected it, until it is replaced', async () => {
    upstream.script(reply(401, { error: { message: 'No such key' } }));
    await ask(window, 'rejected', /No such key/);
    await providerRow(window, 'acme', /key rejected/);
    upstream.script(openAiLike);
    await enterKey(window, 'acme', firstKey);
    await providerRow(window, 'acme', /^\d calls today/);
    await ask(window, 'accepted', answered);
  });

  it('is sealed under another master key by a rotation, and opens after it and after a reload', async () => {
    await enterKey(window, 'other', secondKey);
    await clearNotifications(window);
    await window.runCommand('Callguard: Rotate Master Key');
    await window.waitForNotification('The master key was rotated, and 2 keys were resealed.');
    const audit = await keyAudit(window);
    const rotation = audit.find((line) => line.includes('kind=masterKeyRotated')) ?? '';
    const [, from, to] = /from=(\w{16})\s+kid=(\w{16})/.exec(rotation) ?? [];
    assert.notEqual(from, to);
    for (const provider of ['acme', 'other']) {
      const rotated = audit.filter((line) => line.includes('kind=keyRotated') && line.includes(provider));
      assert.equal(rotated.length, 1);
      assert.match(rotated[0] ?? '', new RegExp(`kid=${to ?? 'none'}`));
    }
    await ask(window, 'after the rotation', answered);
    assert.equal(lastKey(), `Bearer ${firstKey}`);
    await window.reload();
    await openTree(window);
    await ask(window, 'after the reload', answered);
    assert.equal(lastKey(), `Bearer ${firstKey}`);
    await providerRow(window, 'acme', /^\d calls today/);
  });

  it('is shown as lost when VS Code has lost it, and can be entered again', async () => {
    // Clears site data, which has the same effect as a keyring reset on the desktop.
    await window.page.evaluate('localStorage.clear()');
    await window.reload();
    await openTree(window);
    await providerRow(window, 'acme', /key lost/);
    const before = upstream.seen.length;
    await ask(window, 'the lost key', /Not sent\.\W+acme: The key is lost/);
    assert.equal(upstream.seen.length, before);
    await window.clickNotificationButton('Enter Key');
    await window.quickInput.waitForTitle('Enter the Key of acme');
    await window.quickInput.type(secondKey);
    await window.quickInput.accept();
    await providerRow(window, 'acme', /^\d calls today/);
    await ask(window, 'the key is back', answered);
    assert.equal(lastKey(), `Bearer ${secondKey}`);
  });
});
