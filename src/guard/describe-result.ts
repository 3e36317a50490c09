import { messageText } from '../shared/escape.ts';
import type { Wording } from '../shared/l10n.ts';
import type { CallResult } from './call-state.ts';
import { describeFailure } from './describe-failure.ts';
import { describeRefusal } from './refusal.ts';

/** Why a call has no complete answer. Undefined if it has one, or if the user cancelled it. */
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
