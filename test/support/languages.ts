import { english, type L10n, type Wording } from '../../src/shared/l10n.ts';

/** What the log says of them, for tests that read it. */
export function inEnglish(wordings: readonly Wording[]): string[] {
  return wordings.map((wording) => wording(english));
}

/** A language without words: names and values are left, and whatever went by the translator. */
export const mute: L10n = { t: (_message, ...values) => values.join(' ') };
