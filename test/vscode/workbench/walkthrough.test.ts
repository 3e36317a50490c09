import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ask } from '../../support/vscode/callguard.ts';
import { pressUntil, until } from '../../support/vscode/until.ts';
import { completedSteps } from '../../support/vscode/walkthrough.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const sandbox = { kind: 'sandbox', models: { list: ['echo'] } };
const unlucky = {
  kind: 'sandbox',
  models: { list: ['unlucky'] },
  sandbox: 'error',
  retry: { retries: 0 },
  circuit: { failures: 1 },
};

describe('a walkthrough step completes', () => {
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.start();
    window = await workbench.openWindow();
    await completedSteps(window, []);
  });

  after(() => workbench.stop());

  const putProviders = (providers: object) =>
    workbench.changeSettings(window, { 'callguard.providers': providers });

  it('when a provider is connected', async () => {
    await putProviders({ sandbox });
    await completedSteps(window, ['connect']);
  });

  it('when a question is answered', async () => {
    await ask(window, 'Are you there?', /sandbox/, 'echo');
    await completedSteps(window, ['connect', 'ask']);
  });

  it('when a cap is set', async () => {
    await putProviders({ sandbox: { ...sandbox, limits: { requestsPerDay: 9 } } });
    await completedSteps(window, ['connect', 'ask', 'cap']);
  });

  it('when a circuit opens', async () => {
    await putProviders({ sandbox: { ...sandbox, limits: { requestsPerDay: 9 } }, unlucky });
    await ask(window, 'And you?', /No complete answer/, 'unlucky');
    await completedSteps(window, ['connect', 'ask', 'cap', 'breaker']);
  });

  it('when metrics are exported, and the next export proposes the same file', async () => {
    const folder = path.join(workbench.folder, 'exported');
    const file = path.join(folder, 'usage.csv');
    await mkdir(folder);
    await window.runCommand('Callguard: Export Metrics');
    await window.quickInput.waitForPlaceholder('Select the export format');
    await window.quickInput.pick('CSV');
    await window.quickInput.waitForTitle('Export Metrics');
    // While the dialog reads the folder, it ignores Enter, and may then replace the text in the input.
    await pressUntil(
      'the dialog to close',
      async () => {
        // Text that is typed again makes it read the folder again.
        if ((await window.quickInput.value()) !== file) await window.quickInput.type(file);
        await window.quickInput.accept();
      },
      async () => !(await window.quickInput.isOpen()),
    );
    await window.waitForNotification('Exported the metrics to');
    await completedSteps(window, ['connect', 'ask', 'cap', 'breaker', 'export']);
    const rows = (await readFile(file, 'utf8')).trimEnd().split('\r\n');
    assert.match(rows[0] ?? '', /^day,tenant,provider,model,requests,/);
    assert.deepEqual(
      rows.slice(1).map((row) => row.split(',').slice(1, 5).join()),
      ['default,sandbox,echo,1', 'default,unlucky,unlucky,1'],
    );
    assert.deepEqual([await readdir(folder), (await stat(file)).mode & 0o777], [['usage.csv'], 0o600]);
    await window.runCommand('Callguard: Export Metrics');
    await window.quickInput.waitForPlaceholder('Select the export format');
    const items = await until(
      'the formats',
      () => window.quickInput.items(),
      ({ length }) => length === 3,
    );
    assert.equal(items[0]?.label, 'CSV', 'the format of the last time stands first');
    await window.quickInput.pick('CSV');
    await window.quickInput.waitForTitle('Export Metrics');
    await until(
      'the file of the last time',
      () => window.quickInput.value(),
      (value) => value === file,
    );
    await window.quickInput.cancel();
  });
});
