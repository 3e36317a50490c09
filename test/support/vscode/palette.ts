import type { Page } from 'playwright-core';
import type { QuickInput } from './quick-input.ts';
import { until } from './until.ts';

const commandTimeoutMs = 60_000;
/** After this a key press counts as lost, and a command that is not offered as not there yet. */
const patienceMs = 1500;

type Act = 'open' | 'type' | 'wait' | 'accept' | 'close';

/**
 * Runs a command by the palette. Waits for the command: extensions register theirs some seconds after the start.
 *
 * A palette closes when something else takes the focus, and a busy window loses a key press. So each step looks at
 * what is there and does what comes next. The command runs once: it has when Enter came to it and the palette closed.
 */
export async function runByPalette(page: Page, quickInput: QuickInput, title: string): Promise<void> {
  const wanted = `>${title}`;
  let last: Act | undefined;
  let lastMs = 0;
  let isAccepted = false;
  const isPatienceOver = (): boolean => performance.now() - lastMs > patienceMs;
  /** Does something, but not again while it may still be under way. */
  const act = async (next: Act, does: () => Promise<void>): Promise<void> => {
    if (next === last && !isPatienceOver()) return;
    last = next;
    lastMs = performance.now();
    await does();
  };

  const step = async (): Promise<boolean> => {
    const value = (await quickInput.isOpen()) ? await quickInput.value() : undefined;
    if (isAccepted && value !== wanted) return true;
    // Its prompt comes after it is shown, and would replace what was typed before.
    if (value?.startsWith('>') !== true) await act('open', () => page.keyboard.press('F1'));
    else if (value !== wanted) await act('type', () => quickInput.replaceText(wanted));
    else {
      const { items, isFocused } = await quickInput.approach(title);
      const isOffered = items.some(({ label }) => label === title);
      if (isFocused)
        await act('accept', async () => {
          isAccepted = await quickInput.acceptFocused(title);
        });
      // The palette does not learn of commands that come while it is open, so it is opened anew.
      else if (!isOffered && last === 'wait' && isPatienceOver())
        await act('close', () => quickInput.cancel());
      else if (!isOffered) await act('wait', () => Promise.resolve());
    }
    return false;
  };
  await until(`the command ${JSON.stringify(title)} to run`, step, (ran) => ran, commandTimeoutMs);
}
