import assert from 'node:assert/strict';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

describe('the packaged Callguard in the workbench', () => {
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.start({ files: { 'hello.md': '# Hello\n\nA  text\twith a tab.\n' } });
    window = await workbench.openWindow();
  });

  after(() => workbench.stop());

  it('is among the installed extensions', async () => {
    await window.runCommand('Extensions: Show Installed Extensions');

    await until(
      'Callguard in the view of the installed extensions',
      () => window.page.locator('.extensions-list .extension-list-item .name').allTextContents(),
      (names) => names.includes('Callguard'),
    );
  });

  it('has a log channel', async () => {
    await window.waitForOutputChannel('Callguard');
  });

  it('leaves files as they are', async () => {
    await window.openFile('hello.md');

    assert.equal(await window.editorText(), '# Hello\n\nA  text\twith a tab.\n');
  });
});
