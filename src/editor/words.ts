import * as vscode from 'vscode';
import type { CallResult } from '../guard/call-state.ts';
import { describeFailure } from '../guard/failure.ts';
import { describeRefusal } from '../guard/refusal.ts';
import { LedgerError } from '../ledger/ledger-error.ts';
import { messageText } from '../observe/escape.ts';
import type { Log } from './log.ts';

/** Why a call gave no whole answer, in words for a person; undefined when it did, or when the person cancelled it. */
export function describeResult(result: CallResult, nowMs: number): string | undefined {
  switch (result.kind) {
    case 'done':
    case 'aborted':
      return undefined;
    case 'refused':
      return messageText(describeRefusal(result.refusal, nowMs, vscode.l10n));
    case 'failed': {
      const failed = describeFailure(result.failure, undefined, vscode.l10n);
      const attempts = result.attempts > 1 ? vscode.l10n.t(' ({0} attempts)', result.attempts) : '';
      return messageText(`${result.target.provider}: ${failed}${attempts}.`);
    }
  }
}

/** What was thrown, in words for a person. */
export function describeError(error: unknown, { clean }: Pick<Log, 'clean'>): string {
  const message = messageText(clean(error instanceof Error ? error.message : String(error)));
  return error instanceof LedgerError ? vscode.l10n.t('The ledger cannot be used: {0}', message) : message;
}
