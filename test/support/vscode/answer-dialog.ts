import { readAll } from './page-element.ts';
import { pressUntil, until } from './until.ts';
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
  await pressUntil(
    'the dialog to go',
    async () => {
      if (button === undefined) await window.press('Escape');
      else if (await focusButton(window, button)) await window.press('Enter');
    },
    async () => (await window.dialog())?.message.includes(message) !== true,
  );
  return dialog;
}

/** Returns whether the button has the focus now; it has not where the dialog has gone meanwhile. */
async function focusButton(window: Window, label: string): Promise<boolean> {
  const focused = window.page.locator('.monaco-dialog-box .dialog-buttons .monaco-button:focus');
  const read = async () => {
    const [text] = await readAll(focused, (buttons) => buttons.map(({ textContent }) => textContent));
    const isGone = (await window.dialog()) === undefined;
    if (text !== label && !isGone) await window.press('Tab');
    return { text, isGone };
  };
  const { text } = await until(
    `the button ${label} to have the focus`,
    read,
    ({ text, isGone }) => text === label || isGone,
  );
  return text === label;
}
