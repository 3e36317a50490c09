import * as vscode from 'vscode';
import { actOnProvider, type ManualOverride } from '../../ledger/manual-overrides.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Log } from '../../shared/log.ts';

interface OverridePorts {
  readonly settings: EditorSettings;
  readonly ledger: Promise<LedgerStore>;
  readonly log: Log;
}

/** What a person does to a provider by hand: in all windows, for good, and audited. */
function actCommand(act: ManualOverride, which: () => string) {
  return async ({ settings, ledger, log }: OverridePorts, argument?: unknown): Promise<void> => {
    const provider = await chooseProvider(settings, argument, which());
    if (provider === undefined) return;
    await actOnProvider(await ledger, provider, act);
    log.info(`${provider}: manual override: ${act}.`);
  };
}

export const resetCircuit = actCommand('reset', () =>
  vscode.l10n.t('Select a provider to reset its circuit'),
);
export const forceCircuitOpen = actCommand('forceOpen', () =>
  vscode.l10n.t('Select a provider to trip its circuit'),
);
export const pauseProvider = actCommand('pause', () => vscode.l10n.t('Select a provider to pause'));
export const resumeProvider = actCommand('resume', () => vscode.l10n.t('Select a provider to resume'));
