import * as z from 'zod';
import { nothingLoaded } from '../../redaction/known-secrets.ts';
import { findSecrets } from '../../redaction/prompt-scan.ts';
import { placed, type Wording } from '../../shared/l10n.ts';
import { settingsLimits } from '../../shared/limits/settings-limits.ts';
import { providerKind, providerKinds } from './catalogue.ts';

/** A header's value as the user writes it: the text itself, or the name of the vault entry that holds it. */
export type HeaderValue = string | { readonly vault: string };

/** Headers and query parameters that the user adds to every request: `headers` and `query` of a provider. */
export interface CustomHeaders {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, HeaderValue>>;
  readonly query: Readonly<Record<string, string>>;
}

const vaultNamePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

export const customHeadersSchema = {
  headers: z
    .record(
      z.string(),
      z.union([
        z.string().max(settingsLimits.headerChars),
        z.strictObject({ vault: z.string().regex(vaultNamePattern) }),
      ]),
    )
    .default({}),
  query: z.record(z.string().min(1), z.string().max(settingsLimits.headerChars)).default({}),
};

/** Headers that the wire sets, those of a connection (RFC 9110, 7.6.1), and those that only browsers set. */
const wireOwned = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'accept',
  'accept-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'cookie',
  'set-cookie',
  'origin',
]);

const keyHeaders = new Set(providerKinds.map((kind) => providerKind(kind).keyHeader.name));

// RFC 9110, 5.6.2 `token` and 5.5 `field-value`. node:http throws at other text, which could smuggle header lines.
const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const valuePattern = /^[\t\x20-\x7e]*$/;

/** The problems in `headers` and `query` of the provider `id`, each with its place in the settings. */
export function customHeaderProblems({ headers, query }: CustomHeaders, id: string): Wording[] {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return [
    ...Object.entries(headers).flatMap(([name, value]) => {
      const problem = headerProblem(name, value);
      return problem === undefined ? [] : [placed(`${id}.headers.${JSON.stringify(name)}`, problem)];
    }),
    ...(new Set(names).size === names.length
      ? []
      : [placed(`${id}.headers`, (l10n) => l10n.t('contains the same name twice'))]),
    ...Object.entries(query)
      .filter(([, value]) => looksSecret(value))
      .map(([name]) =>
        placed(`${id}.query.${name}`, (l10n) =>
          l10n.t('looks like a key; keys belong in the vault, not in the settings'),
        ),
      ),
  ];
}

function headerProblem(name: string, value: HeaderValue): Wording | undefined {
  const lower = name.toLowerCase();
  if (!namePattern.test(name)) return (l10n) => l10n.t('is not a valid header name');
  if (wireOwned.has(lower) || lower.startsWith('proxy-') || lower.startsWith('sec-')) {
    return (l10n) => l10n.t('cannot be set; Callguard or the connection sets it');
  }
  if (keyHeaders.has(lower)) {
    return (l10n) => l10n.t('is reserved for the key; enter the key with Callguard: Configure Provider');
  }
  if (typeof value !== 'string') return undefined;
  if (!valuePattern.test(value)) {
    return (l10n) => l10n.t('contains a line break or another character that headers do not allow');
  }
  if (!looksSecret(value)) return undefined;
  return (l10n) => l10n.t('looks like a key; use a vault entry instead: {0}', '{ "vault": "<name>" }');
}

function looksSecret(value: string): boolean {
  return findSecrets(value, nothingLoaded).length > 0;
}

/** The headers with their names in lower case. */
export function lowerNames<T>(headers: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
