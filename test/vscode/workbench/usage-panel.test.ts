import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import { root } from '../../../scripts/paths.ts';
import { ask, openLedgerOf } from '../../support/vscode/callguard.ts';
import { until } from '../../support/vscode/until.ts';
import { usagePage } from '../../support/vscode/usage-page.ts';
import type { Window } from '../../support/vscode/window.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

describe('the usage panel', () => {
  let workbench: Workbench;
  let window: Window;
  /** What the browser reports when a page tries what its content security policy forbids. */
  const forbidden: string[] = [];

  before(async () => {
    workbench = await Workbench.start();
    window = await workbench.openWindow();
    window.page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) forbidden.push(message.text());
    });
  });
  after(() => workbench.stop());

  /** Waits until the tile of today's requests shows this number. */
  const requestsToday = (page: Frame, expected: string) =>
    until(
      `${expected} requests today`,
      () => page.locator('.tile .value').first().innerText(),
      (text) => text.trim() === expected,
    );

  it('offers to set up a provider, and shows its first call without a reload', async () => {
    await window.runCommand('Callguard: Show Usage');
    const page = await usagePage(window);
    await page.getByRole('button', { name: 'Try the Sandbox' }).click();
    await window.waitForNotification('The sandbox is ready');
    await window.runCommand('Notifications: Clear All Notifications');
    await requestsToday(page, '0');
    for (const question of ['One?', 'Two?', 'Three?']) await ask(window, question, /sandbox/);
    await window.runCommand('View: Open Next Editor');
    await window.runCommand('Callguard: Show Usage');
    await requestsToday(await usagePage(window), '3');
  });

  it("shows the ledger's numbers", async () => {
    const page = await usagePage(window);
    const row = page.locator('.models tbody tr', { hasText: 'sandbox/echo' });
    const [requests, success] = await row.locator('button.number').allInnerTexts();
    assert.deepEqual([requests, success], ['3', '100%']);
    const tokens = await page.locator('.tile .value').nth(1).innerText();
    const db = await openLedgerOf(workbench, 'readOnly');
    const sums = db.prepare(
      `SELECT SUM(requests) AS requests, SUM(input_tokens + output_tokens) AS tokens FROM (
        SELECT requests, input_tokens, output_tokens FROM usage
        UNION ALL SELECT requests, input_tokens, output_tokens FROM admission)`,
    );
    assert.deepEqual({ ...sums.get() }, { requests: 3, tokens: Number(tokens.replaceAll(',', '')) });
    db.close();
  });

  it('has no violation for axe, in four themes', async function () {
    this.timeout(240_000);
    const axe = await readFile(path.join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
    for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
      await workbench.setTheme(window, theme);
      await window.runCommand('Callguard: Show Usage');
      const page = await usagePage(window);
      await page.evaluate(axe);
      const { violations } = await page.evaluate<AxeResults>('axe.run()');
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${theme}: ${id}: ${html}`),
      );
      assert.deepEqual(found, []);
    }
  });

  it('works by keyboard, and is restored after a reload', async () => {
    await window.runCommand('Callguard: Show Usage');
    const page = await usagePage(window);
    await page.getByRole('combobox', { name: 'Range' }).focus();
    await window.press('Enter');
    await window.press('ArrowDown');
    await window.press('Enter');
    await page.getByRole('button', { name: 'Show as table: Requests' }).focus();
    await window.press('Enter');
    const rows = page.getByRole('grid', { name: 'Requests' }).getByRole('row');
    await until(
      'a row for each of thirty days',
      () => rows.count(),
      (count) => count === 31,
    );
    await window.reload();
    const restored = await usagePage(window);
    await until(
      'the table of thirty days again',
      () => restored.getByRole('grid', { name: 'Requests' }).getByRole('row').count(),
      (count) => count === 31,
    );
    await requestsToday(restored, '3');
  });

  it('opens the audit rows behind a number', async () => {
    const page = await usagePage(window);
    await page.locator('.tile .value button').first().focus();
    await window.press('Enter');
    const rows = await until(
      'three audit rows',
      async () => (await window.visibleLines()).filter((line) => line.trim() !== ''),
      (lines) => lines.length === 3,
    );
    for (const row of rows) assert.match(row, / call .* provider=sandbox {2}model=echo {2}outcome=done /);
  });

  it('never violates its strict content security policy', async () => {
    await window.runCommand('Callguard: Show Usage');
    const page = await usagePage(window);
    const meta = page.locator('meta[http-equiv="Content-Security-Policy"]');
    const directives = ((await meta.getAttribute('content')) ?? '').split('; ').map((one) => one.split(' '));
    const policy = new Map(directives.map(([name = '', ...sources]) => [name, sources]));
    assert.deepEqual([...policy.keys()], ['default-src', 'style-src', 'font-src', 'script-src']);
    assert.deepEqual(policy.get('default-src'), ["'none'"]);
    assert.match(String(policy.get('script-src')), /^'nonce-[\w+/=]{22,}'$/);
    assert.deepEqual(policy.get('style-src'), policy.get('font-src'));
    for (const source of policy.get('style-src') ?? []) assert.doesNotMatch(source, /unsafe|^\*|^\w+:$/);
    assert.deepEqual(forbidden, []);
    // A violation is reported, otherwise the line before would prove nothing.
    await page.evaluate(`document.body.append(
      Object.assign(document.createElement('script'), { textContent: 'document.body.id = "ran"' }),
    )`);
    await until(
      'the browser to report it',
      () => Promise.resolve(forbidden),
      (found) => found.length > 0,
    );
    assert.equal(await page.locator('body#ran').count(), 0);
  });
});
