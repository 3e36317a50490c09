import { pressUntil, until } from './until.ts';
import type { Window } from './window.ts';

/** Opens the input for a provider's key, which asks for nothing else. */
export async function askForKey(window: Window, provider: string): Promise<void> {
  await window.runCommand('Callguard: Replace Key');
  await window.quickInput.waitForPlaceholder('Select a provider to replace its key');
  await window.quickInput.pick(provider);
  await window.quickInput.waitForTitle(`Key of ${provider}`);
}

/** Enters a provider's key by keyboard, and waits until the vault has it. */
export async function enterKey(window: Window, provider: string, key: string): Promise<void> {
  await clearNotifications(window);
  await askForKey(window, provider);
  await window.quickInput.type(key);
  await window.quickInput.accept();
  await window.waitForNotification(`The key of ${provider} was`);
}

/** So that a notification that is waited for is a new one. */
export async function clearNotifications(window: Window): Promise<void> {
  // Again where one comes after the command.
  let hasCleared = false;
  await pressUntil(
    'the notifications to go',
    async () => {
      await window.runCommand('Notifications: Clear All Notifications');
      hasCleared = true;
    },
    async () => hasCleared && (await window.notifications()).length === 0,
  );
}

/** The rows of the audit trail that are about keys, the newest first. */
export async function keyAudit(window: Window): Promise<string[]> {
  await window.runCommand('Callguard: Show Audit Trail');
  await window.quickInput.waitForPlaceholder('Select the audit rows to show');
  await window.quickInput.pick('Keys');
  await window.quickInput.waitUntilClosed();
  await until(
    'the audit trail',
    () => window.visibleLines(),
    (lines) => lines.some((line) => /kind=key|kind=masterKey|No rows match/.test(line)),
  );
  const text = await window.editorText();
  await window.runCommand('View: Revert and Close Editor');
  return text.split('\n');
}
