import { setImmediate } from 'node:timers/promises';
import type { ExtensionContext } from 'vscode';
import type { CallguardApi } from './api.ts';
import type { Callguard } from './compose.ts';

let callguard: Callguard | undefined;

/**
 * VS Code starts all extensions that wait for its own start in one turn, one within the other. So this file is small,
 * and the rest is loaded in a turn of its own, in which nobody else waits.
 */
export async function activate(context: ExtensionContext): Promise<CallguardApi> {
  await setImmediate();
  const { compose } = await import('./compose.ts');
  callguard = compose(context);
  context.subscriptions.push(callguard);
  return callguard.api;
}

/** VS Code waits for this before it disposes what was subscribed. */
export async function deactivate(): Promise<void> {
  await callguard?.shutDown();
}
