import * as vscode from 'vscode';
import { actOnProvider, type ManualOverride } from '../../ledger/manual-overrides.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import type { Command } from '../command.ts';

/** What a person does to a provider by hand: in all windows, for good, and audited. */
function actCommand(act: ManualOverride, which: () => string): Command {
  return {
    run: async (context, argument) => {
      const provider = await chooseProvider(context, argument, which());
      if (provider === undefined) return;
      await actOnProvider(await context.ledger, provider, act);
      context.log.info(`${provider}: manual override: ${act}.`);
    },
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
