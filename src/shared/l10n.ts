/** Translates a sentence into the user's language, as VS Code's `l10n` does. '{0}' stands for the first value. */
export interface L10n {
  t(message: string, ...values: (string | number)[]): string;
}

/** A text that is translated when it is shown. */
export type Wording = (l10n: L10n) => string;

/** The same text after its place: 'acme.baseUrl: this is not a URL'. */
export function placed(place: string, wording: Wording): Wording {
  return (l10n) => `${place}: ${wording(l10n)}`;
}

/** For programs and logs, which get English whatever the user's language is. */
export const english: L10n = {
  t: (message, ...values) =>
    message.replaceAll(/\{(\d+)\}/g, (place, at: string) => String(values[Number(at)] ?? place)),
};
