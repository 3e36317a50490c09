import assert from 'node:assert/strict';
import { listeningPorts } from '../../support/vscode/processes.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
/** The variables of a VS Code terminal that is set up for other programs too. */
const surroundings = {
  VSCODE_IPC_HOOK_CLI: '/nowhere/vscode-ipc.sock',
  CODE_SERVER_HOST: '0.0.0.0',
  PORT: '1',
  LOG_LEVEL: 'error',
  GITHUB_TOKEN: token,
};

describe('the packaged Callguard in the workbench', () => {
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    // This file runs in a process of its own.
    Object.assign(process.env, surroundings);
    workbench = await Workbench.start({
      isWhole: true,
      files: { 'hello.md': '# Hello\n\nA  text\twith a tab.\n' },
    });
    window = await workbench.openWindow();
  });

  after(() => workbench.stop());

  /** The process of the only extension host, that of the window. */
  async function host(): Promise<number> {
    const [found] = await workbench.extensionHosts(1);
    assert.ok(found);
    return found.pid;
  }

  /** The server starts short-lived shells of its own now and then. */
  async function untilNoStrangers(): Promise<void> {
    await until(
      'every process to be one of VS Code',
      async () => (await workbench.processes()).filter(isStranger),
      (strangers) => strangers.length === 0,
    );
  }

  it("runs in a VS Code of its own that ignores the terminal's settings and passes on no token", async () => {
    const page = await window.page.request.get(workbench.url);

    assert.match(workbench.url, /^http:\/\/127\.0\.0\.1:\d{5}$/);
    assert.match(await page.text(), /vscode-workbench-web-configuration/);
    assert.ok(!(await page.text()).includes(token));
  });

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

  it('leaves other files unchanged', async () => {
    await window.openFile('hello.md');

    assert.equal(await window.editorText(), '# Hello\n\nA  text\twith a tab.\n');
  });

  it('leaves no process behind after a reload', async () => {
    const before = await host();
    await window.reload();
    await window.waitForOutputChannel('Callguard');

    await until(
      'the old extension host to end',
      () => workbench.processes(),
      (processes) => processes.every(({ pid }) => pid !== before),
    );
    await untilNoStrangers();
  });

  it('leaves neither a process nor a port behind after it is uninstalled', async () => {
    await window.uninstallExtension('Callguard');
    await window.reload();

    const after = await host();
    await untilNoStrangers();
    assert.deepEqual(await listeningPorts(after), []);
  });
});

/** Not the server's process, nor one that VS Code or its own extensions start. */
function isStranger({ command }: { command: string }): boolean {
  return !/code-server/.test(command);
}
