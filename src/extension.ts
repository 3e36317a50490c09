import type { ExtensionContext } from 'vscode';
import { compose, type Callguard } from './compose.ts';

let callguard: Callguard | undefined;

export function activate(context: ExtensionContext): void {
  callguard = compose(context);
  context.subscriptions.push(callguard);
}

/** VS Code waits for this before it disposes what was subscribed. */
export async function deactivate(): Promise<void> {
  await callguard?.shutDown();
}
