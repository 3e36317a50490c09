import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, openAiLike, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const answered = /Hello/;

/** Runs a command of the palette that asks something, and picks the answer. */
async function runAndPick(window: Window, command: string, asks: string, choice: string): Promise<void> {
  await window.runCommand(`Callguard: ${command}`);
  await until(
    `the question ${JSON.stringify(asks)}`,
    () => window.quickInput.placeholder(),
    (text) => text.includes(asks),
  );
  await window.quickInput.pick(choice);
}

async function ledgerFile(workbench: Workbench): Promise<string> {
  for await (const file of glob('**/ledger/callguard.db', { cwd: workbench.folder })) {
    return path.join(workbench.folder, file);
  }
  throw new Error('there is no ledger');
}

/** What Callguard has logged, in the extension hosts of all reloads. */
async function logs(workbench: Workbench): Promise<string> {
  let text = '';
  for await (const file of glob('data/logs/**/callguard.callguard/Callguard.log', {
    cwd: workbench.folder,
  })) {
    text += await readFile(path.join(workbench.folder, file), 'utf8');
  }
  return text;
}

describe('what a person does to a provider by hand', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    const acme = { kind: 'openai-compatible', baseUrl: upstream.baseUrl, models: { list: ['one'] } };
    workbench = await Workbench.start({ settings: { 'callguard.providers': { acme } } });
    window = await workbench.openWindow();
    await openTree(window);
    await ask(window, 'before all', answered, 'one');
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  const acts = [
    ['Pause Provider', 'Pause which', /paused/, /acme is paused/, 'Resume Provider', 'Resume which'],
    [
      'Trip Circuit',
      'Take which',
      /opened by hand/,
      /taken out of service by hand/,
      'Reset Circuit',
      'Reset the',
    ],
  ] as const;
  for (const [act, asks, says, refuses, undo, undoAsks] of acts) {
    it(`holds by '${act}', over a reload too, until '${undo}'`, async () => {
      await runAndPick(window, act, asks, 'acme');
      await providerRow(window, 'acme', says);
      const before = upstream.seen.length;
      await ask(window, `refused by ${act}`, refuses, 'one');
      await window.reload();
      await openTree(window);
      await providerRow(window, 'acme', says);
      await ask(window, `still refused by ${act}`, refuses, 'one');
      assert.equal(upstream.seen.length, before);
      await runAndPick(window, undo, undoAsks, 'acme');
      await providerRow(window, 'acme', /^\d+ calls? today/);
      await ask(window, `answered after ${undo}`, answered, 'one');
    });
  }

  it('stands in the audit trail, with every call', async () => {
    await runAndPick(window, 'Show Audit Trail', 'Show what', 'Everything');
    const text = await until(
      'the audit trail',
      () => window.editorText(),
      (shown) => shown.includes('act=pause'),
    );
    const said = text
      .split('\n')
      .reverse()
      .flatMap((line) => /act=\w+|outcome=\w+(?: {2}reason=\w+)?/.exec(line)?.[0] ?? []);
    const refusals = (reason: string) => Array.from({ length: 2 }, () => `outcome=refused  reason=${reason}`);
    assert.deepEqual(said, [
      'outcome=done',
      ...['act=pause', ...refusals('paused'), 'act=resume', 'outcome=done'],
      ...['act=trip', ...refusals('circuit'), 'act=reset', 'outcome=done'],
    ]);
    assert.ok(!text.includes('before all') && !text.includes('Hello'), 'a prompt or a reply is in it');
  });

  it('cannot be changed in the file without showing', async () => {
    await window.runCommand('Callguard: Verify Audit Trail');
    await window.waitForNotification('The audit trail is sound');
    const db = new DatabaseSync(await ledgerFile(workbench));
    const edit = db.prepare(`
      UPDATE audit SET body = replace(body, 'pause', 'reset') WHERE body LIKE '%"act":"pause"%' RETURNING seq`);
    const edited = edit.all().map(({ seq }) => Number(seq));
    db.close();
    await window.runCommand('Callguard: Verify Audit Trail');
    // In the log, which names every fault: a toast does not always come up right after another.
    await until(
      `the log to name row ${edited.join()}`,
      () => logs(workbench),
      (text) => text.includes(`Audit trail: Row ${edited.join()} is not as it was written`),
    );
  });
});
