import path from 'node:path';
import { clearNotifications } from './keys.ts';
import type { QuickInputItem } from './quick-input.ts';
import { until } from './until.ts';
import type { Window } from './window.ts';

/** Picks a file of the workspace in the dialog, which code-server shows as an input for a path. */
export async function startImport(window: Window, file: string): Promise<void> {
  const { quickInput } = window;
  const name = path.basename(file);
  await clearNotifications(window);
  await window.runCommand('Callguard: Import Keys');
  await quickInput.waitForPlaceholder('Select where to import keys from.');
  await quickInput.pick('File');
  await until(
    'the files of the workspace',
    () => quickInput.items(),
    (items) => items.some(({ label }) => label === name),
  );
  await quickInput.type(file);
  await quickInput.acceptItem(name);
}

/** Accepts what is proposed for the two columns of a table. */
export async function confirmColumns(window: Window): Promise<void> {
  for (const question of ['names the provider?', 'holds the API key?']) {
    await window.quickInput.waitForPlaceholder(question);
    await window.quickInput.accept();
  }
}

/** The rows of the preview, once it is shown. */
export async function previewOf(window: Window): Promise<QuickInputItem[]> {
  await window.quickInput.waitForPlaceholder('Select the keys to import.');
  return until(
    'the rows of the preview',
    () => window.quickInput.items(),
    (items) => items.length > 0,
  );
}
