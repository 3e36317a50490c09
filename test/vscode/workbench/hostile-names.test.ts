import assert from 'node:assert/strict';
import { reply, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { clearNotifications } from '../../support/vscode/keys.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

/** No model may have this name, because of its brackets. A provider's entry and its words may. */
const image = '<img/src=x/onerror=alert(1)>';
const link = '[quit](command:workbench.action.closeWindow)';
const icon = '$(trash)gone';
/** No model may have this name, because it can be read as another one. A tenant may. */
const turned = 'a\u202Eb';
/** How the user should see them. */
const offered = [link, icon];
const shown = [image, ...offered, 'a[U+202E]b'];

describe('names with Markdown, links and icons in them', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(reply(400, { error: { message: `denied: ${image} ${link} ${turned}` } }));
    workbench = await Workbench.start({
      settings: {
        'callguard.providers': {
          acme: {
            kind: 'openai-compatible',
            baseUrl: upstream.baseUrl,
            models: { list: [image, link, icon, turned] },
          },
          [image]: { kind: 'openai' },
          [link]: { kind: 'openai' },
        },
        'callguard.tenants': { [turned]: ['*'] },
        'callguard.limits': [{ tenant: turned, requestsPerDay: 9 }],
      },
    });
    window = await workbench.openWindow();
    await openTree(window);
    await providerRow(window, 'acme', /^0 calls today/);
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  /** Checks that no name became an element, a link or an icon anywhere in the window. */
  async function nothingWasMade(): Promise<void> {
    const made = window.page.locator(
      'img[src="x"], a[href*="closeWindow"], a[data-href*="closeWindow"], .monaco-icon-label .codicon-trash',
    );
    assert.equal(await made.count(), 0, (await made.allInnerTexts()).join());
  }

  it('are plain text in a pick list', async () => {
    await window.runCommand('Callguard: Ask');
    await window.quickInput.waitForTitle('Select a model to ask');
    const items = await until(
      'the models',
      () => window.quickInput.items(),
      (all) => all.length === offered.length,
    );
    assert.deepEqual(
      items.map(({ label }) => label),
      offered,
    );
    await nothingWasMade();
    await window.quickInput.cancel();
    await window.runCommand('Callguard: Replace Key');
    await window.quickInput.waitForPlaceholder('Select a provider to replace its key');
    assert.deepEqual(
      (await window.quickInput.items()).map(({ label }) => label),
      ['acme', image, link],
    );
    await window.quickInput.cancel();
  });

  it("are plain text in a message, like a provider's own words", async () => {
    await clearNotifications(window);
    await ask(window, 'what is that?', /No complete answer\..*acme: .*denied/, link);
    const { message } = await window.waitForNotification('denied');
    assert.ok(message.includes(`denied: ${image} [quit] (command:`), message);
    assert.ok(message.includes('a[U+202E]b'), message);
    await nothingWasMade();
  });

  it('are plain text in the tree', async () => {
    const says = async () => {
      for (const row of (await window.tree('Providers')).filter(({ isExpanded }) => isExpanded === false)) {
        await window.expand('Providers', row.label);
      }
      return (await window.tree('Providers')).map(({ label, description }) => `${label}: ${description}`);
    };
    const wanted = [
      `Models: ${shown.join(', ')}`,
      `${image}: invalid settings`,
      `${link}: invalid settings`,
      'a[U+202E]b: 1 call today',
    ];
    const isThere = (rows: string[], row: string) => rows.some((text) => text.startsWith(row));
    const isCall = (text: string) => text.startsWith(`acme/${link}: `) && text.includes(' · failed');
    await until(
      'every name in the tree',
      says,
      (rows) => wanted.every((row) => isThere(rows, row)) && rows.some(isCall),
    );
    await nothingWasMade();
  });

  it('are plain text in the tooltips', async () => {
    for (const [element, says] of [
      [window.treeRow('Providers', `acme/${link}`).last(), link],
      [window.treeRow('Providers', link).first(), link],
      [window.page.locator('[id="callguard.callguard.callguard.status"]'), 'acme'],
    ] as const) {
      const text = await window.hover(element);
      assert.ok(text.includes(says), text);
      await nothingWasMade();
    }
  });

  it('are plain text in the audit trail, one row each', async () => {
    await window.runCommand('Callguard: Show Audit Trail');
    await window.quickInput.waitForPlaceholder('Select the audit rows to show');
    await window.quickInput.pick('Calls');
    await until(
      'the audit trail',
      () => window.visibleLines(),
      (lines) => lines.some((line) => line.includes('kind=call') || line.includes('model=')),
    );
    const rows = (await window.editorText()).split('\n');
    assert.equal(rows.length, 1);
    assert.ok(rows[0]?.includes(`model=${link}`), rows[0]);
    assert.ok(rows[0]?.includes('tenant=a[U+202E]b'), rows[0]);
  });
});
