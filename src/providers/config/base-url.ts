import type { Wording } from '../../shared/l10n.ts';
import { parseBaseUrl, type BaseUrlFault } from '../../vault/key-origin.ts';

const faults: Readonly<Record<BaseUrlFault, Wording>> = {
  notAUrl: (l10n) => l10n.t('must be a URL, such as {0}', 'https://api.example.com/v1'),
  scheme: (l10n) => l10n.t('must begin with https:// or http://'),
  credentials: (l10n) => l10n.t('must not contain a user name or password'),
};

/** Why `text` is not a valid base URL, or undefined. The vault judges whether a key may be sent there. */
export function baseUrlProblem(text: string): Wording | undefined {
  const parsed = parseBaseUrl(text);
  if (!parsed.ok) return faults[parsed.error];
  return /[?#]/.test(parsed.value.href) ? (l10n) => l10n.t("must not contain '?' or '#'") : undefined;
}
