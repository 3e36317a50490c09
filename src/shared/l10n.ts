/** Puts a sentence into a person's language, as VS Code's `l10n` does: '{0}' stands for the first value. */
export interface L10n {
  t(message: string, ...values: (string | number)[]): string;
}

/** A text that is put into words once it is known for whom. */
export type Wording = (l10n: L10n) => string;

/** The same, with the place that it is about before it: 'acme.baseUrl: this is not a URL'. */
export function placed(place: string, wording: Wording): Wording {
  return (l10n) => `${place}: ${wording(l10n)}`;
}

/** For programs and logs, which are told the same whatever a person speaks. */
export const english: L10n = {
  t: (message, ...values) =>
    message.replaceAll(/\{(\d+)\}/g, (place, at: string) => String(values[Number(at)] ?? place)),
};
