import * as vscode from 'vscode';
import type { Disposable } from '../../shared/disposable.ts';
import type { Log } from '../../shared/log.ts';
import type { Overview, Seen } from '../overview.ts';

/** The completion conditions of the walkthrough's steps, by the context keys in package.json. */
const reached: Readonly<Record<string, (seen: Seen) => boolean>> = {
  'callguard.hasProvider': ({ status }) => (status?.providers.length ?? 0) > 0,
  'callguard.hasAnswer': ({ activity }) => activity?.calls.some(({ outcome }) => outcome === 'done') ?? false,
  'callguard.hasCap': ({ status }) => status?.providers.some(({ caps }) => caps.length > 0) ?? false,
  'callguard.hasOpenCircuit': ({ status }) =>
    status?.providers.some(({ circuit }) => circuit.kind !== 'closed') ?? false,
};

/** Completes the last step. No view shows that a file was exported, so the export calls this. */
export async function recordExport(): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'callguard.hasExported', true);
}

/** Sets the walkthrough's context keys to match what the views show. */
export function trackWalkthrough(overview: Overview, log: Log): Disposable {
  const known = new Map<string, boolean>();
  return overview.onDidChange((seen) => {
    for (const [key, isReached] of Object.entries(reached)) {
      const now = isReached(seen);
      if (known.get(key) === now) continue;
      known.set(key, now);
      vscode.commands.executeCommand('setContext', key, now).then(undefined, (error: unknown) => {
        log.error(`The context key ${key} could not be set.`, error);
      });
    }
  });
}
