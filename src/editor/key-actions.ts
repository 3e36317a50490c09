import * as vscode from 'vscode';
import type { CallResult } from '../guard/call-state.ts';
import { assertNever } from '../shared/result.ts';
import { describeVaultRefusal, type KeyState } from '../vault/refusal.ts';
import type { CommandContext } from './command.ts';
import { lacksKey } from '../observe/status.ts';

/** The one thing to do about a provider's key: a command, and what its button says. */
export interface KeyAction {
  readonly command: 'callguard.replaceKey' | 'callguard.confirmOrigin' | 'callguard.explainKey';
  readonly label: string;
}

/** The action of each state, the same in tree and messages. */
export function keyActionOf(state: KeyState): KeyAction {
  if (state.kind === 'set') return replaceKey();
  const { action } = describeVaultRefusal(state);
  switch (action) {
    case 'replaceKey':
      return state.kind === 'notSet' || state.kind === 'lost'
        ? { command: 'callguard.replaceKey', label: vscode.l10n.t('Enter Key') }
        : replaceKey();
    case 'unlock':
      return replaceKey();
    case 'confirmOrigin':
      return { command: 'callguard.confirmOrigin', label: vscode.l10n.t('Confirm Address') };
    case 'setEnvironmentKey':
    case 'restoreRingFile':
    case 'retry':
      return { command: 'callguard.explainKey', label: vscode.l10n.t('What to Do') };
    default:
      return assertNever(action);
  }
}

function replaceKey(): KeyAction {
  return { command: 'callguard.replaceKey', label: vscode.l10n.t('Replace Key') };
}

/** What to offer beside the message of a call that its key kept from being answered; undefined for other calls. */
export async function keyActionAfter(
  context: Pick<CommandContext, 'vault' | 'settings'>,
  result: CallResult,
): Promise<(KeyAction & { readonly provider: string }) | undefined> {
  const provider = providerWithKeyTrouble(result);
  const config = provider === undefined ? undefined : context.settings.current.providers.usable.get(provider);
  if (provider === undefined || config?.origin === undefined) return undefined;
  const state = await context.vault.state(provider, config.origin);
  // Then it was not the provider's key that was refused, but a header's secret.
  if (result.kind === 'refused' && !lacksKey({ config, key: state })) return undefined;
  return { ...keyActionOf(state), provider };
}

function providerWithKeyTrouble(result: CallResult): string | undefined {
  if (result.kind === 'refused') {
    const { refusal } = result;
    return refusal.kind === 'vault' || refusal.kind === 'origin' ? refusal.provider : undefined;
  }
  if (result.kind !== 'failed' || result.failure.kind !== 'http') return undefined;
  return result.failure.status === 401 ? result.target.provider : undefined;
}
