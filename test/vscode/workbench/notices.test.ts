import assert from 'node:assert/strict';
import { consumerVsix } from '../../../scripts/vscode-packages.ts';
import { callguardVsix } from '../../../scripts/vsix.ts';
import { answer, reply, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import {
  ask,
  logText,
  openLedgerOf,
  openAiLike,
  openTree,
  providerRow,
} from '../../support/vscode/callguard.ts';
import { skipBecause } from '../../support/skip.ts';
import { clearNotifications } from '../../support/vscode/keys.ts';
import { canGoOffline } from '../../support/vscode/offline-server.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const error = { error: { message: 'no' } };

describe('CallNotices and the log', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    const provider = { kind: 'openai-compatible', baseUrl: upstream.baseUrl, retry: { retries: 0 } };
    workbench = await Workbench.start({
      extensions: [callguardVsix, consumerVsix],
      settings: {
        'callguard.providers': {
          openai: { ...provider, models: { list: ['gpt-5'] }, circuit: { failures: 1, cooldown: 1 } },
          broke: { ...provider, models: { list: ['two'] } },
          nonsense: { kind: 'acme', timeouts: { connect: -1 } },
        },
      },
    });
    window = await workbench.openWindow();
    await openTree(window);
    // The numbers of the row are in the ledger, which the tests read.
    await providerRow(window, 'openai', /calls today/);
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  /** The outcomes of the calls so far, the first one first. */
  async function outcomes(): Promise<string[]> {
    const db = await openLedgerOf(workbench, 'readOnly');
    const rows = db.prepare(
      `SELECT body ->> 'outcome' AS outcome FROM audit_row WHERE kind = 'call' ORDER BY seq`,
    );
    const found = rows.all().map(({ outcome }) => String(outcome));
    db.close();
    return found;
  }

  /** Lets another extension ask, and returns the outcome. */
  async function askedByAnother(): Promise<string | undefined> {
    const before = (await outcomes()).length;
    await window.runCommand('Consumer: Name a Colour');
    const after = await until('the call to end', outcomes, ({ length }) => length > before);
    return after.at(-1);
  }

  it('log a problem of the settings, with its place and the reason', async () => {
    await until(
      'the log to say so',
      () => logText(workbench),
      (text) => text.includes('nonsense.kind: ') && text.includes('nonsense.timeouts.connect: '),
    );
  });

  it('notify once of a rejected key, which can be replaced by keyboard from the message', async () => {
    const rejecting = reply(401, error);
    upstream.script((exchange) =>
      (exchange.request.headers.authorization === 'Bearer better-key-1' ? answer() : rejecting)(exchange),
    );
    await clearNotifications(window);
    for (let call = 0; call < 3; call++) assert.equal(await askedByAnother(), 'failed');
    const { buttons } = await window.waitForNotification('openai: HTTP 401');
    assert.deepEqual(buttons, ['Enter Key']);
    assert.equal((await logText(workbench)).match(/Notified the user: openai: HTTP 401/g)?.length, 1);
    await window.runCommand('Notifications: Accept Notification Primary Action');
    await window.quickInput.waitForTitle('Enter the Key of openai');
    await window.quickInput.type('better-key-1');
    await window.quickInput.accept();
    await window.waitForNotification('The key of openai was set.');
    assert.equal(await askedByAnother(), 'done');
  });

  it("notify once of a flapping circuit that refuses another extension's calls", async () => {
    for (let flap = 0; flap < 3; flap++) {
      upstream.script(openAiLike);
      await until('an answer', askedByAnother, (outcome) => outcome === 'done');
      upstream.script(reply(500, error));
      assert.equal(await askedByAnother(), 'failed');
      await until('a refusal', askedByAnother, (outcome) => outcome === 'refused');
      if (flap > 0) continue;
      const { buttons } = await window.waitForNotification(
        'openai failed repeatedly, so its circuit is open.',
      );
      assert.deepEqual(buttons, ['Reset Circuit']);
      await window.clickNotificationButton('Reset Circuit');
      await providerRow(window, 'openai', /^\d+ calls today/);
    }
    // Earlier notifications are in the log before this line.
    await window.runCommand('Callguard: Pause Provider');
    await window.quickInput.waitForPlaceholder('Select a provider to pause');
    await window.quickInput.pick('openai');
    const log = await until(
      'the pause',
      () => logText(workbench),
      (text) => text.includes('openai: manual override: pause.'),
    );
    assert.equal(log.match(/Notified the user: openai failed repeatedly/g)?.length, 1);
  });

  it('notify of used-up credit until the user resets the circuit from the message', async () => {
    upstream.script(reply(402, error));
    await ask(window, 'the last cent', /credit or quota is used up \(HTTP 402\)/, 'two');
    const before = upstream.seen.length;
    await ask(window, 'not a cent', /Not sent\.\W+broke reports that your credit or quota is used up/, 'two');
    assert.equal(upstream.seen.length, before);
    await providerRow(window, 'broke', /out of credit/);
    upstream.script(openAiLike);
    const { buttons } = await window.waitForNotification(
      'broke reports that your credit or quota is used up.',
    );
    assert.deepEqual(buttons, ['Reset Circuit', 'Show Log']);
    await window.runCommand('Callguard: Reset Circuit');
    await window.quickInput.waitForPlaceholder('Select a provider to reset its circuit');
    await window.quickInput.pick('broke');
    await providerRow(window, 'broke', /^1 call today/);
    await ask(window, 'money again', /Hello/, 'two');
  });

  it('notify once of a machine without a network, and open no circuit', async function () {
    if (!canGoOffline()) skipBecause(this, 'this machine gives nobody a network namespace (unshare --net)');
    for (const [command, placeholder] of [
      ['Callguard: Resume Provider', 'Select a provider to resume'],
      ['Callguard: Reset Circuit', 'Select a provider to reset its circuit'],
    ] as const) {
      await window.runCommand(command);
      await window.quickInput.waitForPlaceholder(placeholder);
      await window.quickInput.pick('openai');
    }
    // Calls that are not in the ledger yet would be lost with the server.
    await providerRow(window, 'openai', /^\d+ calls today/);
    await workbench.restartOffline();
    await window.reload();
    await openTree(window);
    const connections = upstream.acceptedSockets;
    // One failure would open the circuit and refuse the second call.
    for (let call = 0; call < 3; call++) assert.equal(await askedByAnother(), 'failed');
    await window.waitForNotification('openai: this machine seems to be offline: 127.0.0.1 cannot be reached');
    const log = await logText(workbench);
    assert.equal(log.match(/Notified the user: .* seems to be offline/g)?.length, 1);
    assert.equal(upstream.acceptedSockets, connections);
    await providerRow(window, 'openai', /^\d+ calls today/);
  });
});
