import type { CallResult } from '../guard/call-state.ts';
import { describeFailure } from '../guard/failure.ts';
import { describeRefusal } from '../guard/refusal.ts';
import { LedgerError } from '../ledger/ledger-error.ts';
import { messageText } from '../observe/escape.ts';
import type { Wording } from '../shared/l10n.ts';
import type { Log } from './log.ts';

/** Why a call gave no whole answer; undefined when it did, or when the person cancelled it. */
export function describeResult(result: CallResult, nowMs: number): Wording | undefined {
  switch (result.kind) {
    case 'done':
    case 'aborted':
      return undefined;
    case 'refused':
      return (l10n) => messageText(describeRefusal(result.refusal, nowMs, l10n));
    case 'failed':
      return (l10n) => {
        const failed = describeFailure(result.failure, undefined, l10n);
        const attempts = result.attempts > 1 ? l10n.t(' ({0} attempts)', result.attempts) : '';
        return messageText(`${result.target.provider}: ${failed}${attempts}.`);
      };
  }
}

/** What was thrown, for a person. */
export function describeError(error: unknown, { clean }: Pick<Log, 'clean'>): Wording {
  const message = messageText(clean(error instanceof Error ? error.message : String(error)));
  return (l10n) =>
    error instanceof LedgerError ? l10n.t('The ledger cannot be used: {0}', message) : message;
}
