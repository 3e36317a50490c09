import type { OriginMismatch, Outcome } from '../../src/guard/outcome.ts';
import { english, type L10n, type Wording } from '../../src/shared/l10n.ts';

/** What the log says of them, for tests that read it. */
export function inEnglish(wordings: readonly Wording[]): string[] {
  return wordings.map((wording) => wording(english));
}

/** Why an attempt ended as it did, be it in words of our own or of the provider. */
export function wordsOf(outcome: Outcome | OriginMismatch): string {
  if ('problem' in outcome) return outcome.problem(english);
  return 'message' in outcome ? outcome.message : '';
}

/** A language without words: names and values are left, and whatever went by the translator. */
export const mute: L10n = { t: (_message, ...values) => values.join(' ') };
