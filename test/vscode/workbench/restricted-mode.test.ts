import assert from 'node:assert/strict';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

describe('Callguard in Restricted Mode', () => {
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.start({ trusted: false });
    window = await workbench.openWindow();
  });

  after(() => workbench.stop());

  it('is loaded', async () => {
    const statusBar = await until(
      'the window to be restricted',
      () => window.statusBar(),
      (items) => items.some(({ id }) => id === 'status.workspaceTrust'),
    );
    await window.waitForOutputChannel('Callguard');

    assert.ok(statusBar.some(({ text }) => text.includes('Restricted Mode')));
  });
});
