// Takes README's pictures from the real thing: a provider that answers, one that is capped, one whose circuit is open,
// and the usage panel over weeks of use.
import path from 'node:path';
import { startFaultUpstream } from '../test/support/fault-upstream.ts';
import { ask, ledgerFile, openAiLike, openTree } from '../test/support/vscode/callguard.ts';
import { usagePage } from '../test/support/vscode/usage-page.ts';
import type { Window } from '../test/support/vscode/window.ts';
import { Workbench } from '../test/support/vscode/workbench.ts';
import { runMain } from './explained.ts';
import { root } from './paths.ts';
import { seedUsage } from './seed-usage.ts';
import { preparePackages } from './vscode-packages.ts';

const file = 'mean.py';
const code = `def mean(values):
    """The arithmetic mean."""
    return sum(values) / len(values)


print(mean([]))
`;

await runMain(async () => {
  await preparePackages();
  const upstream = await startFaultUpstream();
  upstream.script(openAiLike);
  const acme = { kind: 'openai-compatible', baseUrl: upstream.baseUrl };
  const workbench = await Workbench.start({
    isWhole: true,
    files: { [file]: code },
    settings: {
      'callguard.providers': {
        sandbox: { kind: 'sandbox' },
        acme: { ...acme, models: { list: ['large'] }, limits: { requestsPerDay: 5 } },
        flaky: {
          kind: 'sandbox',
          models: { list: ['unlucky'] },
          sandbox: 'error',
          retry: { retries: 0 },
          circuit: { failures: 1 },
        },
      },
    },
  });
  try {
    const window = await workbench.openWindow();
    await openUsage(window);
    seedUsage(await ledgerFile(workbench), Date.now());
    await window.runCommand('View: Close All Editors');
    await openTree(window);
    await ask(window, 'Are you there?', /HTTP 500/, 'unlucky');
    for (const question of ['One?', 'Two?', 'Three?']) await ask(window, question, /Hello/, 'large');
    await window.runCommand('View: Close All Editors');
    await window.clickDialogButton("Don't Save");
    await window.openFile(file);
    await window.runCommand('Select All');
    await ask(window, 'What happens with an empty list?', /sandbox/, 'echo');
    await window.runCommand('Notifications: Clear All Notifications');
    await openTree(window);
    for (const provider of ['acme', 'flaky']) {
      await window.page
        .locator('.monaco-list[role=tree] .monaco-list-row', { hasText: provider })
        .first()
        .click();
    }
    const takePictures = async (name: string, prepare: () => Promise<void>) => {
      for (const theme of ['light', 'dark'] as const) {
        await workbench.setTheme(window, theme);
        await prepare();
        const picture = path.join(root, 'media', `${name}-${theme}.png`);
        await window.screenshot(picture);
        console.log(path.relative('.', picture));
      }
    };
    await takePictures('readme', () => Promise.resolve());
    await window.runCommand('View: Close Primary Side Bar');
    await takePictures('readme-usage', () => openUsage(window, 'Last 30 days'));
  } finally {
    await workbench.stop();
    await upstream.close();
  }
});

/** Opens the usage panel in all of the editors' place, and waits for the numbers of a range. */
async function openUsage(window: Window, range?: string): Promise<void> {
  await window.runCommand('View: Join All Editor Groups');
  await window.runCommand('Callguard: Show Usage');
  const page = await usagePage(window);
  if (range === undefined) return;
  await page.getByRole('combobox', { name: 'Range' }).click();
  await page.getByRole('option', { name: range }).click();
  await page.getByRole('status').getByText(`${range}: `).waitFor({ state: 'attached' });
  await page.getByText('Older calls are still loading').waitFor({ state: 'detached' });
}
