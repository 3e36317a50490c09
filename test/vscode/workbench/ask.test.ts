import assert from 'node:assert/strict';
import { stall, chatEvents, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask } from '../../support/vscode/callguard.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

describe('Ask', () => {
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.start({ files: { 'notes.md': 'Callguard guards calls.\n' } });
    window = await workbench.openWindow();
  });

  after(() => workbench.stop());

  describe('for a first question, from the welcome to the answer', () => {
    it('begins with the sandbox, which the welcome offers', async () => {
      await window.waitForNotification('Callguard protects your LLM calls');
      assert.equal((await workbench.readSettings())['callguard.providers'], undefined);
      await window.clickNotificationButton('Try the Sandbox');
      await window.waitForNotification('The sandbox is ready');
      await window.runCommand('Notifications: Clear All Notifications');
    });

    it('includes the selection, and streams the answer beside', async () => {
      await window.openFile('notes.md');
      await window.runCommand('Select All');
      await ask(window, 'Is this right?', /sandbox.*From notes\.md:.*Callguard guards calls\./);
    });

    it('is counted in the status bar', async () => {
      await until(
        'the status bar to count it',
        () => window.statusBarItem('callguard'),
        (item) => item?.text.includes('Callguard 1') === true,
      );
    });

    it('sends nothing when the user closes the question with Esc', async () => {
      await window.runCommand('Callguard: Ask');
      await window.quickInput.waitForTitle('Ask ');
      await window.quickInput.cancel();
      assert.match((await window.statusBarItem('callguard'))?.text ?? '', /Callguard 1$/);
    });
  });

  describe('when it is cancelled', () => {
    let upstream: FaultUpstream;

    before(async () => {
      upstream = await startFaultUpstream();
      upstream.script(stall([chatEvents.role, chatEvents.text('Once upon a time')]));
      await workbench.changeSettings(window, {
        'callguard.providers': { acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } },
        'callguard.defaultModel': 'acme/small',
      });
    });

    after(() => upstream.close());

    it('shows the text so far, and closes the socket', async () => {
      await ask(window, 'A long story?', /Once upon a time/);
      assert.equal(upstream.openSockets, 1);
      await window.clickNotificationButton('Cancel');
      await upstream.idle();
    });

    it('ends when its document is closed', async () => {
      await ask(window, 'Another story?', /Once upon a time/);
      assert.equal(upstream.openSockets, 1);
      await window.runCommand('View: Close All Editors');
      await window.clickDialogButton("Don't Save");
      await upstream.idle();
    });

    it('ends when the window is reloaded, and is settled', async () => {
      await ask(window, 'A third story?', /Once upon a time/);
      await window.reload();
      await upstream.idle();
    });
  });
});
