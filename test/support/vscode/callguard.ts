import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { answer, reply, type Behaviour } from '../fault-upstream.ts';
import { readAll } from './page-element.ts';
import type { QuickInput } from './quick-input.ts';
import { isDefined, until } from './until.ts';
import type { TreeRow } from './window-parts.ts';
import type { Window } from './window.ts';
import type { Workbench } from './workbench.ts';

/** Windows write for milliseconds; one that was killed leaves a log that the next one reads first. */
const ledgerPatienceMs = 10_000;

/** An upstream that lists two models and answers prompts. */
export const openAiLike: Behaviour = (exchange) => {
  const list = reply(200, { data: [{ id: 'small' }, { id: 'large' }] });
  return exchange.request.method === 'GET' ? list(exchange) : answer()(exchange);
};

/** What is to be set up, of the kind that is compatible with OpenAI. */
export interface SetUpProvider {
  readonly id: string;
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
}

/** Answers each step of the set-up up to the one that tests the provider. */
export function setUpAnswers(
  quickInput: QuickInput,
  { id, baseUrl, key, model }: SetUpProvider,
): (() => Promise<void>)[] {
  const enter = (text: string) => async () => {
    await quickInput.type(text);
    await quickInput.accept();
  };
  return [
    () => quickInput.pick('OpenAI-compatible'),
    ...[id, baseUrl, key].map(enter),
    async () => {
      await quickInput.toggle(model);
      await quickInput.accept();
    },
  ];
}

/** Begins the set-up by keyboard, and answers its steps up to this one, which waits; 6 is the one that tests. */
export async function setUpToStep(window: Window, provider: SetUpProvider, step: number): Promise<void> {
  const { quickInput } = window;
  await window.runCommand('Callguard: Configure Provider');
  for (const [index, answerStep] of setUpAnswers(quickInput, provider)
    .slice(0, step - 1)
    .entries()) {
    await quickInput.waitForStep(index + 1);
    await answerStep();
  }
  await quickInput.waitForStep(step);
}

/** Walks the set-up from the first step to the last, with a test request, by keyboard. */
export async function connectProvider(window: Window, provider: SetUpProvider): Promise<void> {
  const { quickInput } = window;
  await setUpToStep(window, provider, 6);
  await quickInput.pick('Send a test request');
  await until(
    'the test to be answered',
    () => quickInput.placeholder(),
    (text) => text.includes('answered'),
  );
  await quickInput.pick('Continue');
  await quickInput.waitForStep(7);
  await quickInput.accept();
  await quickInput.waitUntilClosed();
}

/**
 * Asks the default model, or the one to pick where there is no default, and waits until what comes after the question
 * is as it should be.
 */
export async function ask(window: Window, question: string, says: RegExp, model?: string): Promise<void> {
  await window.runCommand('Callguard: Ask');
  if (model !== undefined) {
    await window.quickInput.waitForTitle('Select a model to ask');
    await window.quickInput.pick(model);
  }
  await window.quickInput.waitForTitle(model === undefined ? 'Ask ' : `/${model}`);
  await window.quickInput.type(question);
  await window.quickInput.accept();
  await until(
    `the answer to ${JSON.stringify(question)} to say ${String(says)}`,
    () => editorsText(window),
    (text) => says.test(text.split(`> ${question} `)[1] ?? ''),
  );
}

/** What the editors of all groups show, without line breaks. */
async function editorsText(window: Window): Promise<string> {
  const texts = await readAll(window.page.locator('.editor-group-container .monaco-editor'), (editors) =>
    editors.map((editor) =>
      [...editor.querySelectorAll('.view-line')]
        .map((line) => ({
          top: Number(/top:\s*(\d+)/.exec(line.getAttribute('style') ?? '')?.[1]),
          text: line.textContent ?? '',
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text)
        .join(' '),
    ),
  );
  return texts.join('\n').replaceAll(/[\s\u00a0]+/g, ' ');
}

export async function openTree(window: Window): Promise<void> {
  await window.runCommand('Callguard: Focus on Providers View');
}

/** As when VS Code is started anew from a shell with other variables. */
export async function restartWith(
  workbench: Workbench,
  window: Window,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await workbench.restartServer(env);
  await window.page.reload();
  await window.waitUntilOpen();
  await openTree(window);
}

/** Makes a token of the gateway by the palette, by what is to be chosen in turn, and reads it in its dialog. */
export async function makeToken(window: Window, choices: readonly string[]): Promise<string> {
  await window.runCommand('Callguard: Gateway Tokens');
  await window.quickInput.waitForTitle('Gateway Tokens');
  for (const choice of choices) await window.quickInput.pick(choice);
  const { detail } = await until('the token', () => window.dialog(), isDefined);
  assert.match(detail, /It is not shown again/);
  return readToken(detail);
}

/** The token of the gateway in the text of a dialog. */
export function readToken(detail: string): string {
  const token = /callguard_[\w-]{43}/.exec(detail)?.[0];
  assert.ok(token !== undefined, detail);
  return token;
}

/** The provider's row of the tree, once it says what it should. The tree has to be open. */
export async function providerRow(window: Window, id: string, says: RegExp): Promise<TreeRow> {
  const rows = await until(
    `${id} to say ${String(says)}`,
    () => window.tree('Providers'),
    (all) => all.some((row) => row.label === id && says.test(row.description)),
  );
  const row = rows.find(({ label }) => label === id);
  if (row === undefined) throw new Error('unreachable');
  return row;
}

/** Where the ledger of this workbench's windows is. */
export async function ledgerFile(workbench: Workbench): Promise<string> {
  const names = await readdir(workbench.folder, { recursive: true });
  const name = names.find((each) => each.endsWith(path.join('ledger', 'callguard.db')));
  if (name === undefined) throw new Error('there is no ledger');
  return path.join(workbench.folder, name);
}

/** The ledger of this workbench's windows, which may be at it, too: it is waited for. */
export async function openLedgerOf(
  workbench: Workbench,
  readOnly: 'readOnly' | 'writable',
): Promise<DatabaseSync> {
  const options = { readOnly: readOnly === 'readOnly', timeout: ledgerPatienceMs };
  return new DatabaseSync(await ledgerFile(workbench), options);
}

/** What Callguard has logged in all windows. */
export async function logText(workbench: Workbench): Promise<string> {
  const names = await readdir(workbench.folder, { recursive: true });
  const logs = names.filter((name) => path.basename(name) === 'Callguard.log');
  const texts = await Promise.all(logs.map((name) => readFile(path.join(workbench.folder, name), 'utf8')));
  return texts.join('\n');
}
