import * as vscode from 'vscode';
import { actOnProvider, type PersonAct } from '../../ledger/acts.ts';
import { chooseProvider } from '../choose-provider.ts';
import type { Command } from '../command.ts';

/** What a person does to a provider by hand: in all windows, for good, and audited. */
function actCommand(id: string, act: PersonAct, which: () => string): Command {
  return {
    id,
    run: async (context, argument) => {
      const provider = await chooseProvider(context, argument, which());
      if (provider === undefined) return;
      await actOnProvider(await context.ledger, provider, act);
      context.log.info(`${provider}: ${act} by hand.`);
    },
  };
}

export const providerActs: readonly Command[] = [
  actCommand('callguard.resetCircuit', 'reset', () => vscode.l10n.t('Reset the circuit of which provider?')),
  actCommand('callguard.tripCircuit', 'trip', () => vscode.l10n.t('Take which provider out of service?')),
  actCommand('callguard.pauseProvider', 'pause', () => vscode.l10n.t('Pause which provider?')),
  actCommand('callguard.resumeProvider', 'resume', () => vscode.l10n.t('Resume which provider?')),
];
