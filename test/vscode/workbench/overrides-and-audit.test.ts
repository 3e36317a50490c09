import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import {
  ask,
  ledgerFile,
  openLedgerOf,
  logText,
  openAiLike,
  openTree,
  providerRow,
} from '../../support/vscode/callguard.ts';
import { clearNotifications } from '../../support/vscode/keys.ts';
import { isDefined, pressUntil, until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const answered = /Hello/;

/** Runs a command of the palette that asks a question, and picks the answer. */
async function runAndPick(window: Window, command: string, asks: string, choice: string): Promise<void> {
  await window.runCommand(`Callguard: ${command}`);
  await until(
    `the question ${JSON.stringify(asks)}`,
    () => window.quickInput.placeholder(),
    (text) => text.includes(asks),
  );
  await window.quickInput.pick(choice);
}

describe('manual overrides and the audit trail', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    const provider = { kind: 'openai-compatible', baseUrl: upstream.baseUrl };
    workbench = await Workbench.start({
      settings: {
        'callguard.providers': {
          acme: { ...provider, models: { list: ['one'] } },
          other: { ...provider, models: { list: ['two'] } },
        },
      },
    });
    window = await workbench.openWindow();
    await openTree(window);
    await ask(window, 'before all', answered, 'one');
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  const overrides = [
    {
      provider: 'acme',
      model: 'one',
      act: ['Pause Provider', 'Select a provider to pause'],
      says: /paused/,
      refuses: /acme is paused/,
      undo: ['Resume Provider', 'Select a provider to resume'],
    },
    {
      provider: 'other',
      model: 'two',
      act: ['Trip Circuit', 'Select a provider to trip its circuit'],
      says: /forced open/,
      refuses: /was forced open/,
      undo: ['Reset Circuit', 'Select a provider to reset its circuit'],
    },
  ] as const;

  /** Checks that each provider is out of service, shows it, and receives no call. */
  async function bothAreRefused(when: string): Promise<void> {
    const before = upstream.seen.length;
    for (const { provider, model, says, refuses } of overrides) {
      await providerRow(window, provider, says);
      await ask(window, `refused ${when} by ${provider}`, refuses, model);
    }
    assert.equal(upstream.seen.length, before);
  }

  it("stop calls with 'Pause Provider' and with 'Trip Circuit'", async () => {
    for (const { provider, act } of overrides) await runAndPick(window, act[0], act[1], provider);
    await bothAreRefused('at first');
  });

  it('stay over a reload', async () => {
    await window.reload();
    await openTree(window);
    await bothAreRefused('after the reload');
  });

  for (const { provider, model, act, undo } of overrides) {
    it(`keep '${act[0]}' until '${undo[0]}'`, async () => {
      await runAndPick(window, undo[0], undo[1], provider);
      await providerRow(window, provider, /^\d+ calls? today/);
      await ask(window, `answered after ${undo[0]}`, answered, model);
    });
  }

  it('record each override and every call', async () => {
    await runAndPick(window, 'Show Audit Trail', 'Select the audit rows', 'All rows');
    const text = await until(
      'the audit trail',
      () => window.editorText(),
      (shown) => shown.includes('act=pause'),
    );
    const said = text
      .split('\n')
      .reverse()
      .flatMap((line) => /act=\w+|outcome=\w+(?: {2}reason=\w+)?/.exec(line)?.[0] ?? []);
    const refusals = ['outcome=refused  reason=paused', 'outcome=refused  reason=circuit'];
    assert.deepEqual(said, [
      'outcome=done',
      ...['act=pause', 'act=trip', ...refusals, ...refusals],
      ...['act=resume', 'outcome=done', 'act=reset', 'outcome=done'],
    ]);
    assert.ok(!text.includes('before all') && !text.includes('Hello'), 'a prompt or a reply is in it');
  });

  it('show a part of the trail on request', async () => {
    const shown = async (filter: string) => {
      await window.runCommand('View: Revert and Close Editor');
      await runAndPick(window, 'Show Audit Trail', 'Select the audit rows', filter);
      await until(
        'the rows',
        () => window.visibleLines(),
        (lines) => lines.some((line) => /kind=|act=|outcome=|No rows match/.test(line)),
      );
      return (await window.editorText())
        .split('\n')
        .map((line) => /(?:act|outcome)=\w+/.exec(line)?.[0] ?? line);
    };
    assert.deepEqual(await shown('Manual overrides'), [
      ...['act=reset', 'act=resume', 'act=trip', 'act=pause'],
    ]);
    const refusals = Array.from({ length: 4 }, () => 'outcome=refused');
    assert.deepEqual(await shown('Refused and failed calls'), refusals);
    assert.equal((await shown('Provider acme')).length, 6);
    assert.deepEqual(await shown('Keys'), ['No rows match.']);
  });

  it('export the trail as JSON Lines, every row as it is signed', async () => {
    const folder = path.join(workbench.folder, 'exported');
    await mkdir(folder, { recursive: true });
    const exportTo = async (file: string) => {
      await window.runCommand('Callguard: Export Audit Trail');
      await window.quickInput.waitForTitle('Export Audit Trail');
      await window.quickInput.type(path.join(folder, file));
    };
    await exportTo('never.jsonl');
    await window.quickInput.cancel();
    assert.deepEqual(await readdir(folder), []);
    await exportTo('audit.jsonl');
    // While the dialog reads the folder, it ignores Enter, and may then replace the text in the input.
    await pressUntil(
      'the dialog to close',
      async () => {
        await window.quickInput.type(path.join(folder, 'audit.jsonl'));
        await window.quickInput.accept();
      },
      async () => !(await window.quickInput.isOpen()),
    );
    await window.waitForNotification('Exported ');
    // The file is complete, and nothing is beside it.
    assert.deepEqual(await readdir(folder), ['audit.jsonl']);
    const file = path.join(folder, 'audit.jsonl');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const db = await openLedgerOf(workbench, 'readOnly');
    const rows = db.prepare(`
      SELECT seq, at_ms AS atMs, kind, body, key_id AS keyId, lower(hex(mac)) AS mac FROM audit_row ORDER BY seq`);
    assert.deepEqual(
      lines.map((line): unknown => JSON.parse(line)),
      rows.all().map((row) => ({ ...row })),
    );
    db.close();
    assert.notEqual(lines.length, 0);
  });

  it('detect a change in the file', async () => {
    await window.runCommand('Callguard: Verify Audit Trail');
    await window.waitForNotification('The audit trail is intact');
    const db = await openLedgerOf(workbench, 'writable');
    const edit = db.prepare(`
      UPDATE audit_row SET body = replace(body, 'pause', 'reset') WHERE body LIKE '%"act":"pause"%' RETURNING seq`);
    const edited = edit.all().map(({ seq }) => Number(seq));
    db.close();
    await window.runCommand('Callguard: Verify Audit Trail');
    // Looks in the log, which lists every fault: a toast does not always appear right after another.
    await until(
      `the log to name row ${edited.join()}`,
      () => logText(workbench),
      (text) => text.includes(`Audit trail: Row ${edited.join()} does not match its signature`),
    );
  });

  it('detect a lost end, and continue once the user confirms', async () => {
    const anchor = path.join(
      path.dirname(await ledgerFile(workbench)),
      '..',
      'keys',
      'audit-anchor.signed.json',
    );
    const db = await openLedgerOf(workbench, 'writable');
    const last = () => Number(db.prepare('SELECT max(seq) AS seq FROM audit_row').get()?.['seq']);
    await until(
      'the last row to be anchored',
      async () => (JSON.parse(await readFile(anchor, 'utf8')) as { seq: number }).seq,
      (seq) => seq === last(),
    );
    db.exec('DELETE FROM audit_row WHERE seq = (SELECT max(seq) FROM audit_row)');
    const cut = `The trail was truncated: row ${last() + 1} is missing at its end`;
    db.close();
    await clearNotifications(window);
    await window.runCommand('Callguard: Verify Audit Trail');
    const { buttons } = await window.waitForNotification('The audit trail failed verification');
    assert.deepEqual(buttons, ['Continue from Here', 'Show Log']);
    assert.ok((await logText(workbench)).includes(cut));
    await window.clickNotificationButton('Continue from Here');
    const dialog = await until('the question', () => window.dialog(), isDefined);
    assert.match(dialog.detail, /your decision is recorded in the trail/);
    await window.clickDialogButton('Continue');
    await window.waitForNotification('The audit trail continues from here.');
    await clearNotifications(window);
    await window.runCommand('Callguard: Verify Audit Trail');
    // The edit above is still reported.
    const verdict = await window.waitForNotification('The audit trail failed verification');
    assert.deepEqual(verdict.buttons, ['Show Log']);
    assert.equal((await logText(workbench)).split(cut).length, 2, 'the cut is told once');
  });
});
