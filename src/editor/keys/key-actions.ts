import * as vscode from 'vscode';
import type { CallResult } from '../../guard/call-state.ts';
import { assertNever } from '../../shared/result.ts';
import { describeVaultRefusal, type KeyState } from '../../vault/vault-refusal.ts';
import type { KeyStatePorts } from '../../observe/read-key-states.ts';
import { lacksKey } from '../../observe/status.ts';

/** The one thing to do about a provider's key: a command and the label of its button. */
export interface KeyAction {
  readonly command: 'callguard.replaceKey' | 'callguard.confirmOrigin' | 'callguard.explainKey';
  readonly label: string;
}

/** The action for each state, the same in the tree and in messages. */
export function keyActionOf(state: KeyState): KeyAction {
  if (state.kind === 'set') return replaceKey();
  const { action } = describeVaultRefusal(state, vscode.l10n);
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
      return { command: 'callguard.explainKey', label: vscode.l10n.t('Explain Key') };
    default:
      return assertNever(action);
  }
}

function replaceKey(): KeyAction {
  return { command: 'callguard.replaceKey', label: vscode.l10n.t('Replace Key') };
}

/** The action to offer when a provider's key kept a call from being answered. */
export async function keyActionFor(
  { settings, vault }: KeyStatePorts,
  provider: string,
  result: CallResult,
): Promise<(KeyAction & { readonly provider: string }) | undefined> {
  const config = settings.current.providers.usable.get(provider);
  if (config?.origin === undefined) return undefined;
  const state = await vault.state(provider, config.origin);
  // It concerns every provider, and the user was notified of it once.
  if (state.kind === 'storeSilent') return undefined;
  // In this case a header's secret was refused, not the provider's key.
  if (result.kind === 'refused' && !lacksKey({ config, key: state })) return undefined;
  return { ...keyActionOf(state), provider };
}
