import * as vscode from 'vscode';
import type { CallResult } from '../../guard/call-state.ts';
import { troubleOf } from '../../observe/call-trouble.ts';
import { keyActionFor } from '../keys/key-actions.ts';
import type { KeyStatePorts } from '../../observe/read-key-states.ts';

/** A command to offer beside a failed call's message, and the label of its button. */
export interface CallAction {
  readonly command: string;
  readonly label: string;
  readonly provider: string;
}

/** The command that can fix the problem; undefined if there is none. */
export async function actionAfter(ports: KeyStatePorts, result: CallResult): Promise<CallAction | undefined> {
  if (result.kind === 'refused' && result.refusal.kind === 'paused') {
    const label = vscode.l10n.t('Resume Provider');
    return { command: 'callguard.resumeProvider', label, provider: result.refusal.provider };
  }
  const isForcedOpen =
    result.kind === 'refused' && result.refusal.kind === 'circuit' && result.refusal.state === 'forcedOpen';
  const trouble = troubleOf(result);
  if (isForcedOpen || trouble?.kind === 'circuit' || trouble?.kind === 'outOfCredit') {
    const provider = trouble?.provider ?? result.target.provider;
    return { command: 'callguard.resetCircuit', label: vscode.l10n.t('Reset Circuit'), provider };
  }
  if (trouble?.kind !== 'key') return undefined;
  return keyActionFor(ports, trouble.provider, result);
}
