import type { Wording } from '../../shared/l10n.ts';
import { parseBaseUrl, type BaseUrlFault } from '../../vault/key-origin.ts';

const faults: Readonly<Record<BaseUrlFault, Wording>> = {
  notAUrl: (l10n) => l10n.t('must be a URL, such as {0}', 'https://api.example.com/v1'),
  scheme: (l10n) => l10n.t('must begin with https:// or http://'),
  credentials: (l10n) => l10n.t('must not contain a user name or password'),
};

/** Why `text` is not a valid base URL, or undefined. The vault judges whether a key may be sent there. */
export function baseUrlProblem(text: string): Wording | undefined {
  const parsed = parseBaseUrl(text.trim());
  if (!parsed.ok) return faults[parsed.error];
  return /[?#]/.test(parsed.value.href) ? (l10n) => l10n.t("must not contain '?' or '#'") : undefined;
}

/** The endpoints that documentation shows in full. Callguard appends them by itself. */
const endpoint = /\/(?:chat\/completions|completions|models|messages|responses)$/i;

/** The base URL in what a user entered: without blanks, doubled slashes, an endpoint and a slash at the end. */
export function cutBaseUrl(text: string): string {
  const [, scheme = '', rest = ''] = /^([a-z]+:\/\/)?(.*)$/is.exec(text.trim()) ?? [];
  let path = rest.replaceAll(/\/{2,}/g, '/').replace(/\/+$/, '');
  while (endpoint.test(path)) path = path.replace(endpoint, '');
  return scheme + path;
}

const version = /\/v\d[a-z0-9]*$/i;

/** Where the API may be if it is not at the base URL: with `/v1`, or without it. */
export function otherBaseUrl(baseUrl: string): string {
  return version.test(baseUrl) ? baseUrl.replace(version, '') : `${baseUrl}/v1`;
}
