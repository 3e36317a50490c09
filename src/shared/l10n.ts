/** Translates a sentence into the user's language, as VS Code's `l10n` does. '{0}' stands for the first value. */
export interface L10n {
  t(message: string, ...values: (string | number)[]): string;
  /** The language of numbers and dates; English if it is not set. */
  readonly language?: string;
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

/** For `Intl`, which takes the system's language for one that it does not know, and throws at one that is malformed. */
export function languagesOf({ language = 'en-US' }: Pick<L10n, 'language'>): string[] {
  try {
    return [...Intl.getCanonicalLocales(language), 'en-US'];
  } catch {
    return ['en-US'];
  }
}

/** '1,234' */
export function formatNumber(value: number, l10n: L10n): string {
  return new Intl.NumberFormat(languagesOf(l10n)).format(value);
}

/** '12.3' */
export function formatDecimal(value: number, l10n: L10n): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false };
  return new Intl.NumberFormat(languagesOf(l10n), digits).format(value);
}

/** '$1,234.50' */
export function formatUsd(value: number, l10n: L10n): string {
  const dollars = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const;
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(languagesOf(l10n), { ...dollars, ...digits }).format(value);
}
