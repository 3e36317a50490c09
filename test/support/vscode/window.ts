import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { errors } from 'playwright-core';
import type { Locator, Page } from 'playwright-core';
import { readAll } from './page-element.ts';
import { runByPalette } from './palette.ts';
import { QuickInput } from './quick-input.ts';
import { isDefined, pressUntil, until } from './until.ts';
import {
  readDialog,
  readNotifications,
  readStatusBar,
  readTree,
  readVisibleLines,
  treeRows,
} from './window-parts.ts';
import type { Dialog, Notification, StatusBarItem, TreeRow } from './window-parts.ts';

const pageTimeoutMs = 30_000;
const toastPatienceMs = 8000;
const savePatienceMs = 4000;
const tooltipPatienceMs = 4000;
const clickPatienceMs = 4000;

/** One window of the workbench, driven as a person drives it. */
export class Window {
  readonly page: Page;
  readonly quickInput: QuickInput;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(pageTimeoutMs);
    this.quickInput = new QuickInput(page);
  }

  async waitUntilOpen(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
  }

  /** Runs a command by the palette. Waits for the command: extensions register theirs some seconds after the start. */
  async runCommand(title: string): Promise<void> {
    await runByPalette(this.page, this.quickInput, title);
  }

  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  async notifications(): Promise<Notification[]> {
    return readNotifications(this.page);
  }

  /**
   * VS Code shows no toast for the fourth message within 800 ms, and takes one away after some seconds; its
   * notification centre has them all. So that is opened when no toast comes.
   */
  async waitForNotification(text: string): Promise<Notification> {
    const waitsUntilMs = performance.now() + toastPatienceMs;
    let isCentreOpen = false;
    return until(
      `a notification with ${JSON.stringify(text)}`,
      async () => {
        const found = (await this.notifications()).find(({ message }) => message.includes(text));
        if (found === undefined && !isCentreOpen && performance.now() > waitsUntilMs) {
          await this.runCommand('Notifications: Show Notifications');
          isCentreOpen = true;
        }
        return found;
      },
      isDefined,
    );
  }

  /** As `waitForNotification`: a toast may be gone by now. */
  async clickNotificationButton(label: string): Promise<void> {
    const button = this.page
      .locator(':is(.notifications-toasts.visible, .notifications-center.visible)')
      .getByRole('button', { name: label, exact: true })
      .first();
    let startMs = performance.now();
    await until(
      `the button ${label} of a notification`,
      async () => {
        if ((await button.isVisible()) && (await hasClicked(button))) return true;
        if (performance.now() - startMs > toastPatienceMs) {
          startMs = performance.now();
          await this.runCommand('Notifications: Show Notifications');
        }
        return false;
      },
      (isClicked) => isClicked,
    );
  }

  /** The modal dialog that is open; undefined if there is none. */
  async dialog(): Promise<Dialog | undefined> {
    return readDialog(this.page);
  }

  async clickDialogButton(label: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box').getByRole('button', { name: label, exact: true }).click();
  }

  async statusBar(): Promise<StatusBarItem[]> {
    return readStatusBar(this.page);
  }

  /** The item of the status bar whose id contains a text; undefined if there is none. */
  async statusBarItem(id: string): Promise<StatusBarItem | undefined> {
    return (await this.statusBar()).find((item) => item.id.includes(id));
  }

  async tree(view: string): Promise<TreeRow[]> {
    return readTree(this.page, view);
  }

  /** The rows of a view that hold a text. */
  treeRow(view: string, text: string): Locator {
    return treeRows(this.page, view).filter({ hasText: text });
  }

  /** Opens a row of a view by mouse. One that was closed when it was read may have opened since. */
  async expand(view: string, label: string): Promise<void> {
    const closed = this.treeRow(view, label).and(this.page.locator('[aria-expanded=false]'));
    const isOpen = async () => (await closed.count()) === 0 || (await hasClicked(closed.first()));
    await until(`${label} to open`, isOpen, (open) => open);
  }

  /** Rests the mouse on something until a tooltip is shown, and returns what that says. */
  async hover(element: Locator): Promise<string> {
    const tooltip = this.page.locator('.monaco-hover:not(.hidden) .hover-contents').first();
    let hasArrived = false;
    await pressUntil(
      'a tooltip',
      async () => {
        // Away first: a tooltip comes when the mouse arrives, and one is in the way of what is below it.
        await this.page.mouse.move(0, 0);
        await tooltip.waitFor({ state: 'hidden' });
        await element.hover();
        hasArrived = true;
      },
      // What is there before the mouse has moved is another's.
      async () => hasArrived && (await tooltip.isVisible()),
      tooltipPatienceMs,
    );
    return tooltip.innerText();
  }

  /**
   * The lines that are rendered of the active editor, or of the one whose URI contains a text. A line that is wrapped
   * counts as several.
   */
  async visibleLines(uri?: string): Promise<string[]> {
    return readVisibleLines(this.page, uri);
  }

  /** The whole text of the active editor. Takes it over the clipboard, and leaves everything selected. */
  async editorText(): Promise<string> {
    const nothingCopied = randomUUID();
    await this.putIntoClipboard(nothingCopied);
    const { text } = await until(
      'the text of the editor to be copied',
      async () => {
        await this.selectAllInEditor();
        await this.press('ControlOrMeta+C');
        return {
          text: String(await this.page.evaluate('navigator.clipboard.readText()')),
          lines: await this.visibleLines(),
        };
      },
      // Where the key that selects got lost, it is only the line of the cursor that is copied.
      ({ text, lines }) => text !== nothingCopied && lines.every((line) => inked(text).includes(inked(line))),
    );
    return text;
  }

  private async putIntoClipboard(text: string): Promise<void> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  private async selectAllInEditor(): Promise<void> {
    await this.page.locator('.editor-group-container.active .monaco-editor').first().click();
    await this.press('ControlOrMeta+A');
  }

  /** Replaces the user's settings.json in the editor, and saves it; again if a key press was lost. */
  async replaceUserSettings(text: string, isSaved: () => Promise<boolean>): Promise<void> {
    await this.runCommand('Preferences: Open User Settings (JSON)');
    await this.page
      .locator('.editor-group-container.active .monaco-editor[data-uri$="/settings.json"]')
      .waitFor();
    await pressUntil(
      'the settings to be saved',
      async () => {
        await this.putIntoClipboard(text);
        await this.selectAllInEditor();
        await this.press('ControlOrMeta+V');
        await this.press('ControlOrMeta+S');
      },
      isSaved,
      savePatienceMs,
    );
    await this.runCommand('View: Close Editor');
  }

  /** The titles of the open editors, over all groups. */
  async editorTitles(): Promise<string[]> {
    return readAll(this.page.locator('.tabs-container .tab'), (tabs) =>
      tabs.map((tab) => tab.getAttribute('data-resource-name') ?? ''),
    );
  }

  async openFile(name: string): Promise<void> {
    await this.runCommand('Go to File...');
    await this.quickInput.waitForPlaceholder('Search files by name');
    await this.quickInput.pick(name);
    await until(
      `the editor of ${name}`,
      () => this.editorTitles(),
      (titles) => titles.includes(name),
    );
  }

  async reload(): Promise<void> {
    const reloaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await reloaded;
    await this.waitUntilOpen();
  }

  /** Waits until an output channel is offered; leaves the output panel as it was. */
  async waitForOutputChannel(name: string): Promise<void> {
    await until(
      `the output channel ${JSON.stringify(name)}`,
      async () => {
        await this.runCommand('Output: Show Output Channels...');
        const items = await until(
          'the output channels',
          () => this.quickInput.items(),
          (all) => all.length > 0,
        );
        await this.quickInput.cancel();
        return items.map(({ label }) => label);
      },
      (labels) => labels.includes(name),
    );
  }

  /** Uninstalls an extension in the Extensions view. It goes on running until the window is reloaded. */
  async uninstallExtension(displayName: string): Promise<void> {
    await this.runCommand('Extensions: Show Installed Extensions');
    const name = this.page.locator('.extensions-list .extension-list-item .name');
    await name.getByText(displayName, { exact: true }).click();
    const editor = this.page.locator('.extension-editor');
    await editor.getByRole('button', { name: 'Uninstall', exact: true }).click();
    await editor.getByText(/^(Reload Window|Restart Extensions)$/).waitFor();
  }

  /** Writes the window as it is now into a PNG file. */
  async screenshot(file: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    // Whatever is fading or sliding is shown as it ends.
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** Clicks what is there now; what goes meanwhile, as a toast does when its time is over, is not waited for. */
async function hasClicked(element: Locator): Promise<boolean> {
  try {
    await element.click({ timeout: clickPatienceMs });
    return true;
  } catch (failure) {
    if (failure instanceof errors.TimeoutError) return false;
    throw failure;
  }
}

/** Without what leaves no ink: an editor draws spaces as others. */
function inked(text: string): string {
  return text.replaceAll(/[\s\u200B-\u200D]+/g, '');
}
