import assert from 'node:assert/strict';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

describe('a first request, from the welcome to the answer', () => {
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.start({
      files: { 'add.ts': 'export const add = (a: number, b: number) => a - b;\n' },
    });
    window = await workbench.openWindow();
  });

  after(() => workbench.stop());

  it('is offered the sandbox by the welcome', async () => {
    await window.waitForNotification('Callguard guards your LLM requests');
    await window.screenshot('/tmp/shots/welcome.png');
    await window.clickNotificationButton('Try the Sandbox');
    await window.waitForNotification('The sandbox is set up');
  });

  it('asks with the selection as context, and reads the answer beside', async () => {
    await window.runCommand('Go to File...');
    await window.quickInput.pick('add.ts');
    await window.runCommand('Select All');
    await window.runCommand('Callguard: Ask');
    await window.quickInput.waitForTitle('Ask sandbox/echo');
    await window.quickInput.type('Is this right?');
    await window.screenshot('/tmp/shots/ask-input.png');
    await window.quickInput.accept();
    await new Promise((r) => setTimeout(r, 3000));
    await window.screenshot('/tmp/shots/after.png');
    await until(
      'the answer',
      () => window.visibleLines(),
      (lines) => lines.some((line) => line.includes('Is this right?')) && lines.join(' ').includes('sandbox'),
    );
    await window.screenshot('/tmp/shots/asking.png');
    const item = await until(
      'the status bar to count it',
      () => window.statusBarItem('callguard'),
      (found) => found?.text.includes('Callguard 1') === true,
    );
    assert.ok(item);
    await window.press('ControlOrMeta+Shift+E');
    await window.runCommand('Callguard: Focus on Providers View');
    await window.screenshot('/tmp/shots/tree.png');
    console.log(await window.tree('Providers'), await window.editorText());
  });
});
