import type { Locator, Page } from 'playwright-core';
import { readAll } from './page-element.ts';

export interface Notification {
  message: string;
  severity: 'error' | 'warning' | 'info';
  buttons: string[];
}

export interface Dialog {
  message: string;
  detail: string;
  buttons: string[];
}

export interface StatusBarItem {
  id: string;
  text: string;
  /** What a screen reader says. */
  label: string;
  background: 'error' | 'warning' | 'none';
}

export interface TreeRow {
  label: string;
  description: string;
  level: number;
  /** Undefined for a row that has no children. */
  isExpanded: boolean | undefined;
}

/** The notifications that are shown now: as toasts, or in the notification centre while that is open. */
export async function readNotifications(page: Page): Promise<Notification[]> {
  const shown = page.locator(
    ':is(.notifications-toasts.visible, .notifications-center.visible) .notification-list-item',
  );
  return readAll(shown, (items) =>
    items.map((item) => ({
      message: item.querySelector('.notification-list-item-message')?.textContent ?? '',
      severity: item.querySelector('.codicon-error')
        ? 'error'
        : item.querySelector('.codicon-warning')
          ? 'warning'
          : 'info',
      buttons: Array.from(
        item.querySelectorAll('.notification-list-item-buttons-container .monaco-button'),
        (button) => button.textContent ?? '',
      ),
    })),
  );
}

export async function readDialog(page: Page): Promise<Dialog | undefined> {
  const [dialog] = await readAll(page.locator('.monaco-dialog-box'), (boxes) =>
    boxes.map((box) => ({
      message: box.querySelector('.dialog-message')?.textContent ?? '',
      detail: box.querySelector('.dialog-message-detail')?.textContent ?? '',
      buttons: Array.from(
        box.querySelectorAll('.dialog-buttons .monaco-button'),
        (button) => button.textContent ?? '',
      ),
    })),
  );
  return dialog;
}

/** The status bar, from left to right. The id of an extension's item starts with the extension's id. */
export async function readStatusBar(page: Page): Promise<StatusBarItem[]> {
  return readAll(page.locator('.part.statusbar .statusbar-item'), (items) =>
    items.map((item) => ({
      id: item.getAttribute('id') ?? '',
      text: (item.textContent ?? '').trim(),
      label: item.getAttribute('aria-label') ?? '',
      background: item.classList.contains('error-kind')
        ? 'error'
        : item.classList.contains('warning-kind')
          ? 'warning'
          : 'none',
    })),
  );
}

export function treeRows(page: Page, view: string): Locator {
  return page.locator(`.monaco-list[role=tree][aria-label^="${view}" i] .monaco-list-row`);
}

/** The rows of a view that are rendered, from the top. `view` is the view's title as the workbench shows it. */
export async function readTree(page: Page, view: string): Promise<TreeRow[]> {
  return readAll(treeRows(page, view), (rows) =>
    rows.map((row) => {
      const expanded = row.getAttribute('aria-expanded');
      return {
        label: row.querySelector('.label-name')?.textContent ?? row.textContent ?? '',
        description: row.querySelector('.label-description')?.textContent ?? '',
        level: Number(row.getAttribute('aria-level')),
        isExpanded: expanded === null ? undefined : expanded === 'true',
      };
    }),
  );
}

/** The lines of an editor that are rendered: of the active one, or of the one whose URI contains a text. */
export async function readVisibleLines(page: Page, uri?: string): Promise<string[]> {
  const editor =
    uri === undefined
      ? '.editor-group-container.active .monaco-editor'
      : `.monaco-editor[data-uri*="${uri}"]`;
  const lines = await readAll(page.locator(`${editor} .view-line`), (elements) =>
    elements.map((line) => ({
      top: Number(/top:\s*(-?[\d.]+)px/.exec(line.getAttribute('style') ?? '')?.[1] ?? 0),
      // Monaco renders spaces as no-break spaces.
      text: (line.textContent ?? '').replaceAll('\u00a0', ' '),
    })),
  );
  return lines.sort((a, b) => a.top - b.top).map((line) => line.text);
}
