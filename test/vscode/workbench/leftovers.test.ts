import assert from 'node:assert/strict';
import { listeningPorts } from '../../support/vscode/processes.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

describe('what Callguard leaves behind', () => {
  let workbench: Workbench;
  let window: Window;

  beforeEach(async () => {
    workbench = await Workbench.start();
    window = await workbench.openWindow();
  });

  afterEach(() => workbench.stop());

  async function start(): Promise<number> {
    await window.waitForOutputChannel('Callguard');
    const [host] = await workbench.extensionHosts(1);
    assert.ok(host);
    return host.pid;
  }

  it('is nothing after a reload', async () => {
    const before = await start();
    await window.reload();
    await start();

    const left = await until(
      'the old extension host to end',
      () => workbench.processes(),
      (processes) => processes.every(({ pid }) => pid !== before),
    );

    assert.deepEqual(left.filter(isStranger), []);
  });

  it('is nothing after it was uninstalled', async () => {
    await start();
    await window.uninstallExtension('Callguard');
    await window.reload();
    const [host] = await workbench.extensionHosts(1);
    assert.ok(host);

    assert.deepEqual((await workbench.processes()).filter(isStranger), []);
    assert.deepEqual(await listeningPorts(host.pid), []);
  });
});

/** Neither the server's, nor one of the processes that VS Code and its own extensions start. */
function isStranger({ command }: { command: string }): boolean {
  return !/code-server/.test(command);
}
