import type { Outcome } from '../../guard/outcome.ts';
import { placed, type Wording } from '../../shared/l10n.ts';
import { codeOf } from './error-code.ts';
import type { OnlineCheck } from './machine-online.ts';
import { present, type Sanitize } from './provider-message.ts';

/** Error codes of a machine without a network. With a network they are about the provider. */
const networkCodes = new Set([
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const closed: Wording = (l10n) => l10n.t('the connection was closed before a response arrived');
const noRoute: Wording = (l10n) => l10n.t('there is no route to the host');
const untrusted: Wording = (l10n) => l10n.t('its certificate is not trusted on this machine');

const words = new Map<string | undefined, Wording>([
  ['ECONNREFUSED', (l10n) => l10n.t('the connection was refused')],
  ['ECONNRESET', closed],
  ['EPIPE', closed],
  ['ETIMEDOUT', (l10n) => l10n.t('the connection timed out')],
  ['ENOTFOUND', (l10n) => l10n.t('the host name cannot be resolved')],
  ['EAI_AGAIN', (l10n) => l10n.t('the host name cannot be resolved at the moment')],
  ['ENETUNREACH', noRoute],
  ['EHOSTUNREACH', noRoute],
  ['ENETDOWN', (l10n) => l10n.t('the network is down')],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
  ['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', untrusted],
  ['CERT_HAS_EXPIRED', (l10n) => l10n.t('its certificate has expired')],
  ['ERR_TLS_CERT_ALTNAME_INVALID', (l10n) => l10n.t('its certificate is for another host name')],
]);

/** The outcome of an error before the first byte of an answer. */
export async function connectionFailure(
  error: unknown,
  host: string,
  isOnline: OnlineCheck,
  sanitize: Sanitize,
): Promise<Outcome> {
  const code = codeOf(error);
  if (code?.startsWith('HPE_') === true) {
    return {
      kind: 'malformed',
      problem: (l10n) => l10n.t('{0} did not send a valid HTTP response ({1})', host, code),
    };
  }
  if (code !== undefined && networkCodes.has(code) && !(await isOnline(host))) {
    const problem: Wording = (l10n) => l10n.t('{0} cannot be reached ({1})', host, code);
    return { kind: 'offline', problem };
  }
  const said = present(error instanceof Error ? error.message : '', sanitize);
  const own: Wording = said === '' ? (l10n) => l10n.t('unknown error') : () => said;
  const what = words.get(code) ?? own;
  const problem = placed(host, (l10n) => `${what(l10n)}${code === undefined ? '' : ` (${code})`}`);
  return { kind: 'connection', problem };
}
