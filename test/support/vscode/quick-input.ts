import type { Locator, Page } from 'playwright-core';
import { readAll } from './page-element.ts';
import { isDefined, pressUntil, until } from './until.ts';

export interface QuickInputItem {
  label: string;
  description: string;
  detail: string;
  isFocused: boolean;
  /** Of an input that takes several. */
  isChecked: boolean;
}

/** Resolves with the item of the quick input that gets the next key, before VS Code does anything about that. */
const itemThatHears = `new Promise((resolve) => {
  const hear = ({ target }) => {
    const row = target.closest('.quick-input-widget')?.querySelector('.monaco-list-row.focused');
    resolve(row?.querySelector('.monaco-icon-label .label-name')?.textContent.trim());
  };
  addEventListener('keydown', hear, { capture: true, once: true });
  setTimeout(() => {
    removeEventListener('keydown', hear, { capture: true });
    resolve(undefined);
  }, 2_000);
})`;

/** VS Code's quick input: the command palette, a quick pick, an input box. */
export class QuickInput {
  private readonly page: Page;
  private readonly widget: Locator;
  private readonly input: Locator;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-filter input');
  }

  async waitUntilOpen(): Promise<void> {
    await this.input.waitFor();
  }

  /** Waits until the input with this title is shown: the one before it may still be closing. */
  async waitForTitle(text: string): Promise<void> {
    await until(
      `the quick input ${JSON.stringify(text)}`,
      () => this.shown(() => this.title()),
      (title) => title?.includes(text) === true,
    );
  }

  /** As `waitForTitle`, for an input that has only a placeholder. */
  async waitForPlaceholder(text: string): Promise<void> {
    await until(
      `the quick input that asks ${JSON.stringify(text)}`,
      () => this.shown(() => this.placeholder()),
      (placeholder) => placeholder?.includes(text) === true,
    );
  }

  /** What is read, or undefined while no input is open: a closed one still holds the texts of the last. */
  private async shown(read: () => Promise<string>): Promise<string | undefined> {
    return (await this.isOpen()) ? read() : undefined;
  }

  /** Waits until a multi-step input has come to this step, counted from 1. */
  async waitForStep(step: number): Promise<void> {
    await this.waitForTitle(`(${step}/`);
  }

  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  async isOpen(): Promise<boolean> {
    return this.widget.isVisible();
  }

  /** Replaces what the input holds, by keyboard; again if it was still opening and then set its own text. */
  async type(text: string): Promise<void> {
    await this.waitUntilOpen();
    await until(
      'the quick input to hold what was typed',
      async () => {
        if ((await this.input.inputValue()) !== text) await this.replaceText(text);
        return this.input.inputValue();
      },
      (value) => value === text,
    );
  }

  /** As `type`, but once, and without looking at what comes of it. */
  async replaceText(text: string): Promise<void> {
    await this.input.focus();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(text);
  }

  async accept(): Promise<void> {
    await this.press('Enter');
  }

  /** Leaves the input by Esc; again if an Enter that was still under way swallowed that. */
  async cancel(): Promise<void> {
    await pressUntil(
      'the quick input to close',
      () => this.press('Escape'),
      async () => !(await this.isOpen()),
    );
  }

  /** Presses a key in the input, as after a click into it: an editor that opens late may have taken the focus. */
  private async press(key: string): Promise<void> {
    await this.input.press(key);
  }

  /** Goes a step back in a multi-step input. */
  async back(): Promise<void> {
    await this.widget.locator('.codicon-quick-input-back').click();
  }

  /** Types a label, waits until there is an item with just this label, and accepts it. */
  async pick(label: string): Promise<void> {
    await this.type(label);
    await this.acceptItem(label);
  }

  /** Moves by arrow key to the item with just this label, and accepts it. */
  async acceptItem(label: string): Promise<void> {
    let isAccepted = false;
    await until(
      `the item ${JSON.stringify(label)}`,
      async () => {
        const { items, isFocused } = await this.approach(label);
        if (isFocused) isAccepted = await this.acceptFocused(label);
        return items;
      },
      () => isAccepted,
    );
  }

  /**
   * Presses Enter on the item that has the focus. Returns whether it came there: an input that closes, or changes its
   * items, in the moment before would leave the key to something else, or to another item.
   */
  async acceptFocused(label: string): Promise<boolean> {
    const [heard] = await Promise.all([this.page.evaluate<string | undefined>(itemThatHears), this.accept()]);
    return heard === label;
  }

  /** Moves an arrow key nearer to the item with just this label, unless it has the focus. */
  async approach(label: string): Promise<{ items: QuickInputItem[]; isFocused: boolean }> {
    const items = await this.items();
    const focused = items.findIndex((item) => item.isFocused);
    const wanted = items.findIndex((item) => item.label === label);
    const isFocused = wanted !== -1 && wanted === focused;
    if (wanted !== -1 && !isFocused) await this.press(wanted > focused ? 'ArrowDown' : 'ArrowUp');
    return { items, isFocused };
  }

  /** Checks or unchecks an item of an input that takes several, by keyboard, and clears the filter. */
  async toggle(label: string): Promise<void> {
    const { isChecked } = await this.tryToToggle(label);
    await until(
      `${JSON.stringify(label)} to be ${isChecked ? 'unchecked' : 'checked'}`,
      () => this.item(label),
      (shown) => shown?.isChecked === !isChecked,
    );
  }

  /** As `toggle`, for an item that may not let itself be checked. Returns it as it was. */
  async tryToToggle(label: string): Promise<QuickInputItem> {
    await this.type(label);
    const item = await until(`the item ${JSON.stringify(label)}`, () => this.item(label), isDefined);
    // The filter may be late, and the arrow key then goes through items that it is about to take away.
    await until(
      `the focus on ${JSON.stringify(label)}`,
      async () => {
        if (!(await this.isListFocusedOn(label))) await this.press('ArrowDown');
        return this.isListFocusedOn(label);
      },
      (isFocused) => isFocused,
    );
    await this.page.keyboard.press('Space');
    return item;
  }

  private async item(label: string): Promise<QuickInputItem | undefined> {
    return (await this.items()).find((shown) => shown.label === label);
  }

  private async isListFocusedOn(label: string): Promise<boolean> {
    const isListFocused = (await this.widget.locator('.quick-input-list .monaco-list:focus').count()) > 0;
    return isListFocused && (await this.item(label))?.isFocused === true;
  }

  /** The items that are rendered, from the top. Separators are not among them. */
  async items(): Promise<QuickInputItem[]> {
    return readAll(this.widget.locator('.quick-input-list .monaco-list-row'), (rows) =>
      rows.map((row) => ({
        // An icon before the label leaves its space.
        label: row.querySelector('.monaco-icon-label .label-name')?.textContent?.trim() ?? '',
        description: row.querySelector('.monaco-icon-label .label-description')?.textContent ?? '',
        detail: row.querySelector('.quick-input-list-label-meta')?.textContent ?? '',
        isChecked: row.getAttribute('aria-checked') === 'true',
        isFocused: row.classList.contains('focused'),
      })),
    );
  }

  async title(): Promise<string> {
    return (await this.widget.locator('.quick-input-title').textContent()) ?? '';
  }

  async placeholder(): Promise<string> {
    return (await this.input.getAttribute('placeholder')) ?? '';
  }

  async value(): Promise<string> {
    return this.input.inputValue();
  }

  async isPassword(): Promise<boolean> {
    return (await this.input.getAttribute('type')) === 'password';
  }

  /** The prompt of an input box, or what its validation says. */
  async message(): Promise<string> {
    return (await this.widget.locator('.quick-input-message').textContent()) ?? '';
  }
}
