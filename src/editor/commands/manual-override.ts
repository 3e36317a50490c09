import * as vscode from 'vscode';
import type { ManualOverride } from '../../ledger/manual-overrides.ts';
import type { Opened } from '../../ledger/ledger-opening.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Log } from '../../shared/log.ts';

interface OverridePorts {
  readonly settings: EditorSettings;
  readonly ledger: Opened<LedgerStore>;
  readonly log: Log;
}

/** A manual override by the user. It applies in all windows until it is undone, and is audited. */
function overrideCommand(override: ManualOverride, which: () => string) {
  return async ({ settings, ledger, log }: OverridePorts, argument?: unknown): Promise<void> => {
    const provider = await chooseProvider(settings, argument, which());
    if (provider === undefined) return;
    await (await ledger).override(provider, override);
    log.info(`${provider}: manual override: ${override}.`);
  };
}

export const resetCircuit = overrideCommand('reset', () =>
  vscode.l10n.t('Select a provider to reset its circuit'),
);
export const forceCircuitOpen = overrideCommand('forceOpen', () =>
  vscode.l10n.t('Select a provider to trip its circuit'),
);
export const pauseProvider = overrideCommand('pause', () => vscode.l10n.t('Select a provider to pause'));
export const resumeProvider = overrideCommand('resume', () => vscode.l10n.t('Select a provider to resume'));
