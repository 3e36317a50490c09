import assert from 'node:assert/strict';
import { filesWith, writingsOf } from '../../support/canary.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { answerDialog } from '../../support/vscode/answer-dialog.ts';
import { ask, logText, openAiLike, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { clearNotifications, enterKey, keyAudit } from '../../support/vscode/keys.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const key = 'sk-bound-4e0b7f2a9c6d41538b1fa3e7';
const strayKey = 'sk-stray-91c5d0e37fb248a6b4d2c8f0';
const answered = /Hello/;

describe("a provider's key", () => {
  let upstream: FaultUpstream;
  let elsewhere: FaultUpstream;
  let workbench: Workbench;
  let window: Window;
  /** The address of the other upstream under another host name. */
  let newBaseUrl: string;

  const acme = (baseUrl: string) => ({ kind: 'openai', baseUrl, models: { list: ['small'] } });
  const putProviders = (providers: object) =>
    workbench.changeSettings(window, { 'callguard.providers': providers });

  before(async () => {
    upstream = await startFaultUpstream();
    elsewhere = await startFaultUpstream();
    upstream.script(openAiLike);
    elsewhere.script(openAiLike);
    newBaseUrl = elsewhere.baseUrl.replace('127.0.0.1', 'localhost');
    workbench = await Workbench.start({
      settings: {
        'callguard.providers': { acme: acme(upstream.baseUrl) },
      },
    });
    window = await workbench.openWindow();
    await openTree(window);
    await enterKey(window, 'acme', key);
    await ask(window, 'at the old address', answered, 'small');
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
    await elsewhere.close();
  });

  it('is not sent to another host because its base URL has changed', async () => {
    await putProviders({ acme: acme(newBaseUrl) });
    await providerRow(window, 'acme', /key origin changed/);
    await clearNotifications(window);
    await ask(window, 'who gets the key?', /Not sent\.\W+The key of acme was approved for/, 'small');
    await window.waitForNotification(
      `approved for ${upstream.origin}, but the base URL now points to ${new URL(newBaseUrl).origin}.`,
    );
    assert.equal(elsewhere.acceptedSockets, 0);
  });

  it('is sent there only after the user has confirmed both addresses', async () => {
    const asked = new URL(newBaseUrl).origin;
    const question = `Send the key of acme to ${asked}?`;
    const says = new RegExp(`approved for ${upstream.origin}, .* to ${asked}\\.`);
    await window.clickNotificationButton('Confirm Address');
    const declined = await answerDialog(window, question);
    assert.equal(declined.message, question);
    assert.match(declined.detail, says);
    await providerRow(window, 'acme', /key origin changed/);
    assert.equal(elsewhere.acceptedSockets, 0);

    await window.runCommand('Callguard: Confirm Address');
    await window.quickInput.waitForPlaceholder('Select a provider to confirm its address');
    await window.quickInput.pick('acme');
    assert.match((await answerDialog(window, question, 'Confirm Address')).detail, says);
    await providerRow(window, 'acme', /^1 call today/);
    await ask(window, 'the new address', answered, 'small');
    assert.equal(elsewhere.seen.at(-1)?.headers.authorization, `Bearer ${key}`);
    assert.equal(upstream.seen.length, 1);
    const [confirmed = ''] = await keyAudit(window);
    assert.ok(confirmed.includes(`from=${upstream.origin}  to=${asked}`), confirmed);
  });

  it('moves from the settings to the vault after consent, and disappears from the file', async () => {
    const settled = acme(newBaseUrl);
    const stray = { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['large'] } };
    await clearNotifications(window);
    await putProviders({ acme: settled, stray: { ...stray, apiKey: strayKey } });
    const offer = await window.waitForNotification('Your settings contain the key of stray');
    assert.equal(offer.severity, 'warning');
    assert.ok(!offer.message.includes(strayKey));
    await window.clickNotificationButton('Move to Vault');
    await until(
      'the key to be gone from the settings',
      () => workbench.readSettings(),
      (settings) =>
        JSON.stringify(settings['callguard.providers']) === JSON.stringify({ acme: settled, stray }),
    );
    await window.waitForNotification('The key of stray is now in the vault.');
    await providerRow(window, 'stray', /^0 calls today/);
    await ask(window, 'the key that was moved', answered, 'large');
    assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${strayKey}`);
    const log = await logText(workbench);
    assert.ok(log.includes('stray: the key was moved'), 'what is searched is the log');
    assert.ok(!log.includes(strayKey));
    assert.deepEqual(await filesWith(workbench.folder, writingsOf(strayKey)), []);
  });
});
