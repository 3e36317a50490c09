import { readAll } from './page-element.ts';
import { until } from './until.ts';
import type { Dialog } from './window-parts.ts';
import type { Window } from './window.ts';

/** Waits for the modal dialog with this message, and gives its answer by keyboard; Escape for no button's name. */
export async function answerDialog(window: Window, message: string, button?: string): Promise<Dialog> {
  const dialog = await until(
    `the dialog ${JSON.stringify(message)}`,
    () => window.dialog(),
    (shown) => shown?.message.includes(message) === true,
  );
  if (dialog === undefined) throw new Error('unreachable');
  if (button === undefined) {
    await window.press('Escape');
  } else {
    await focusButton(window, button);
    await window.press('Enter');
  }
  await until(
    'the dialog to go',
    () => window.dialog(),
    (shown) => shown === undefined,
  );
  return dialog;
}

async function focusButton(window: Window, label: string): Promise<void> {
  const focused = window.page.locator('.monaco-dialog-box .dialog-buttons .monaco-button:focus');
  await until(
    `the button ${label} to have the focus`,
    async () => {
      const [text] = await readAll(focused, (buttons) => buttons.map(({ textContent }) => textContent));
      if (text !== label) await window.press('Tab');
      return text;
    },
    (text) => text === label,
  );
}
