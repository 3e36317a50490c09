/** Puts a sentence into a person's language, as VS Code's `l10n` does: '{0}' stands for the first value. */
export interface L10n {
  t(message: string, ...values: (string | number)[]): string;
}

/** For programs and logs, which are told the same whatever a person speaks. */
export const english: L10n = {
  t: (message, ...values) =>
    message.replaceAll(/\{(\d+)\}/g, (place, at: string) => String(values[Number(at)] ?? place)),
};
