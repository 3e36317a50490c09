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
      context.log.info(`${provider}: ${act} by hand.`);
    },
  };
}

export const resetCircuit = actCommand('reset', () => vscode.l10n.t('Reset the circuit of which provider?'));
export const forceCircuitOpen = actCommand('trip', () =>
  vscode.l10n.t('Take which provider out of service?'),
);
export const pauseProvider = actCommand('pause', () => vscode.l10n.t('Pause which provider?'));
export const resumeProvider = actCommand('resume', () => vscode.l10n.t('Resume which provider?'));
