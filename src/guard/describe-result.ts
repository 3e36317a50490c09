import { messageText } from '../shared/escape.ts';
import type { Wording } from '../shared/l10n.ts';
import type { CallResult } from './call-state.ts';
import { describeFailure } from './describe-failure.ts';
import { describeRefusal } from './refusal.ts';

/** A note on a complete answer: it has no text, or it ended early. */
export function describeShown(result: CallResult): Wording | undefined {
  if (result.kind !== 'done') return undefined;
  const { only, finish } = result;
  if (only === 'reasoning' && finish === 'length')
    return (l10n) => l10n.t('The model used its whole output limit for reasoning.');
  if (finish === 'content-filter') return (l10n) => l10n.t("The provider's content filter ended the answer.");
  if (only === 'reasoning') return (l10n) => l10n.t('The model returned reasoning, but no answer.');
  if (only === 'nothing') return (l10n) => l10n.t('The model returned nothing.');
  return finish === 'length' ? (l10n) => l10n.t('The answer ends at the output limit.') : undefined;
}

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
        // A provider's message may end with a period of its own.
        const text = `${result.target.provider}: ${failed}${attempts}`.replace(/\.?$/, '.');
        const { requestId } = result;
        if (requestId === undefined) return messageText(text);
        return messageText(`${text} ${l10n.t("Request ID for the provider's support: {0}", requestId)}`);
      };
  }
}
