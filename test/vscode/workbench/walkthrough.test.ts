import { ask } from '../../support/vscode/callguard.ts';
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

describe('a step of the walkthrough is complete by itself', () => {
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
    await ask(window, 'And you?', /No full answer/, 'unlucky');
    await completedSteps(window, ['connect', 'ask', 'cap', 'breaker']);
  });

  it('when the metrics are exported', async () => {
    await window.runCommand('Callguard: Export Metrics');
    await window.quickInput.waitUntilOpen();
    await window.quickInput.cancel();
    await completedSteps(window, ['connect', 'ask', 'cap', 'breaker', 'export']);
  });
});
