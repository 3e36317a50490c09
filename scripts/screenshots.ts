// Takes the pictures that are to be looked at before a change is called done: every look, in every theme.
import path from 'node:path';
import { MasterKey } from '../src/vault/master-key.ts';
import { reply, silence, startFaultUpstream } from '../test/support/fault-upstream.ts';
import type { FaultUpstream } from '../test/support/fault-upstream.ts';
import { ask, openAiLike, openTree, providerRow, setUpAnswers } from '../test/support/vscode/callguard.ts';
import { clearNotifications, enterKey } from '../test/support/vscode/keys.ts';
import { openWalkthrough } from '../test/support/vscode/walkthrough.ts';
import type { Window } from '../test/support/vscode/window.ts';
import { Workbench } from '../test/support/vscode/workbench.ts';
import type { ThemeKind } from '../test/support/vscode/workbench.ts';
import { runMain } from './explained.ts';
import { inCache } from './paths.ts';
import { preparePackages } from './vscode-packages.ts';

const themes: readonly ThemeKind[] = ['light', 'dark', 'highContrast', 'highContrastLight'];

await runMain(async () => {
  await preparePackages();
  const upstream = await startFaultUpstream();
  const workbench = await Workbench.start({
    isWhole: true,
    files: { 'README.md': '# A workspace\n' },
    env: { LLM_SECRET_KEY: MasterKey.generate().reveal() },
  });
  try {
    upstream.script(openAiLike);
    const window = await workbench.openWindow();
    await window.waitForNotification('Callguard protects your LLM calls');
    const take = async (look: string): Promise<void> => {
      const file = inCache('screenshots', `${look}.png`);
      await window.screenshot(file);
      console.log(path.relative('.', file));
    };
    await openTree(window);
    await take('welcome');
    await clearNotifications(window);
    for (const theme of themes) {
      await workbench.setTheme(window, theme);
      await openTree(window);
      await take(`empty-${theme}`);
      await openWalkthrough(window);
      await take(`walkthrough-${theme}`);
      await window.runCommand('View: Close All Editors');
      await setUp(window, upstream, (step) => take(`set-up-${step}-${theme}`));
    }
    await makeBusy(workbench, window, upstream);
    for (const theme of themes) {
      await workbench.setTheme(window, theme);
      await openTree(window);
      await take(`busy-${theme}`);
      for (const [what, element] of [
        ['provider', window.treeRow('Providers', 'lost').first()],
        ['halfopen', window.treeRow('Providers', 'halfopen').first()],
        ['locked', window.treeRow('Providers', 'locked').first()],
        ['call', window.treeRow('Providers', '/small').last()],
        ['status', window.page.locator('[id="callguard.callguard.callguard.status"]')],
      ] as const) {
        await window.hover(element);
        await take(`tooltip-of-${what}-${theme}`);
      }
    }
  } finally {
    await workbench.stop();
    await upstream.close();
  }
});

/** From step to step, and out again before anything is stored. */
async function setUp(
  window: Window,
  upstream: FaultUpstream,
  take: (step: number) => Promise<void>,
): Promise<void> {
  const { quickInput } = window;
  const provider = { id: 'acme', baseUrl: upstream.baseUrl, key: 'some-key', model: 'small' };
  const answers = [
    ...setUpAnswers(quickInput, provider),
    () => quickInput.pick('Continue without a test'),
    () => quickInput.cancel(),
  ];
  await window.runCommand('Callguard: Configure Provider');
  for (const [index, answer] of answers.entries()) {
    await quickInput.waitForStep(index + 1);
    await take(index + 1);
    await answer();
  }
  await quickInput.waitUntilClosed();
}

/** A provider in every state that can be brought about in a minute, with routes, tenants and calls. */
async function makeBusy(workbench: Workbench, window: Window, upstream: FaultUpstream): Promise<void> {
  const acme = { kind: 'openai-compatible', baseUrl: upstream.baseUrl };
  const failing = { kind: 'sandbox', sandbox: 'error', retry: { retries: 0 } };
  await workbench.changeSettings(window, {
    'callguard.providers': {
      healthy: { ...acme, models: { list: ['small', 'large'] }, limits: { requestsPerDay: 50 } },
      full: { ...acme, models: { list: ['tiny'] }, limits: { requestsPerDay: 1, tokensPerDay: 100_000 } },
      open: { ...failing, models: { list: ['unlucky'] }, circuit: { failures: 1 } },
      halfopen: {
        ...acme,
        models: { list: ['probed'] },
        retry: { retries: 0 },
        circuit: { failures: 1, cooldown: 0.1 },
        // The probe is under way for as long as pictures are taken.
        timeouts: { read: 3_600, headers: 3_600, firstContent: 3_600, call: 3_600 },
      },
      idle: { ...acme, models: { list: ['paused'] } },
      locked: { kind: 'openai', baseUrl: upstream.baseUrl, models: { list: ['locked'] } },
      lost: { kind: 'openai', baseUrl: upstream.baseUrl, models: { list: ['lost'] } },
      rejected: { kind: 'openai', baseUrl: upstream.baseUrl, models: { list: ['rejected'] } },
      notset: { kind: 'openai', models: { list: ['gpt-5'] } },
      broken: { kind: 'acme', timeouts: { connect: -1 } },
    },
    'callguard.routes': { best: ['healthy/large', 'open/unlucky', 'rejected/rejected'] },
    'callguard.tenants': { docs: ['*'] },
  });
  await openTree(window);
  await enterKey(window, 'lost', 'a-key-that-will-be-lost');
  await window.page.evaluate('localStorage.clear()');
  await window.reload();
  await openTree(window);
  await providerRow(window, 'lost', /key lost/);
  await enterKey(window, 'locked', 'a-key-under-another-master-key');
  await workbench.restartServer({ LLM_SECRET_KEY: MasterKey.generate().reveal() });
  await window.page.reload();
  await window.waitUntilOpen();
  await openTree(window);
  await providerRow(window, 'locked', /key locked/);
  await enterKey(window, 'rejected', 'a-key-that-is-rejected');
  for (const [model, says] of [
    ['small', /Hello/],
    ['tiny', /Hello/],
    ['unlucky', /No complete answer/],
    ['tiny', /Not sent/],
  ] as const) {
    await ask(window, `to ${model}`, says, model);
  }
  upstream.script(reply(401, { error: { message: 'No such key' } }));
  await ask(window, 'with a bad key', /No such key/, 'rejected');
  upstream.script(reply(500));
  await ask(window, 'to probed', /No complete answer/, 'probed');
  upstream.script(openAiLike);
  await window.runCommand('Callguard: Pause Provider');
  await window.quickInput.pick('idle');
  await window.runCommand('View: Close All Editors');
  await window.clickDialogButton("Don't Save");
  await clearNotifications(window);
  await probe(window, upstream);
  for (const row of ['healthy', 'full', 'Routes', 'Tenants', 'Recent calls']) {
    await window.expand('Providers', row);
  }
}

/** Leaves a circuit half-open: with a probe that is not answered. */
async function probe(window: Window, upstream: FaultUpstream): Promise<void> {
  upstream.script(silence);
  await window.runCommand('Callguard: Ask');
  await window.quickInput.waitForTitle('Select a model to ask');
  await window.quickInput.pick('probed');
  await window.quickInput.waitForTitle('/probed');
  await window.quickInput.type('to probed again');
  await window.quickInput.accept();
  await providerRow(window, 'halfopen', /half-open/);
}
