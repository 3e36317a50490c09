import * as vscode from 'vscode';
import type { Disposable } from '../../shared/disposable.ts';
import type { Log } from '../../shared/log.ts';
import type { Overview, Seen } from '../overview.ts';

/** What the steps of the walkthrough wait for, as package.json names it: each completes when it is really so. */
const reached: Readonly<Record<string, (seen: Seen) => boolean>> = {
  'callguard.hasProvider': ({ status }) => (status?.providers.length ?? 0) > 0,
  'callguard.hasAnswer': ({ activity }) => activity?.calls.some(({ outcome }) => outcome === 'done') ?? false,
  'callguard.hasCap': ({ status }) => status?.providers.some(({ caps }) => caps.length > 0) ?? false,
  'callguard.hasOpenCircuit': ({ status }) =>
    status?.providers.some(({ circuit }) => circuit.kind !== 'closed') ?? false,
};

/** What completes the last step: a file was written. That is in no view, so whoever writes it says so. */
export async function recordExport(): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'callguard.hasExported', true);
}

/** Keeps the walkthrough's context keys as the views are. */
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
