import type { ExtensionContext } from 'vscode';
import type { CallguardApi } from './api.ts';
import { compose, type Callguard } from './compose.ts';

let callguard: Callguard | undefined;

export function activate(context: ExtensionContext): CallguardApi {
  callguard = compose(context);
  context.subscriptions.push(callguard);
  return callguard.api;
}

/** VS Code waits for this before it disposes what was subscribed. */
export async function deactivate(): Promise<void> {
  await callguard?.shutDown();
}
