import { prefixed, type Shape } from '../shape.ts';

/** Private keys in files, whole or in base64, and passwords in addresses. */
export const privateKeys: readonly Shape[] = [
  {
    form: 'block',
    kind: 'privateKey',
    label: (l10n) => l10n.t('private key (PEM, OpenSSH, PGP, PuTTY, Google service account)'),
    precision: 'prefix',
  },
  prefixed(
    'age',
    (l10n) => l10n.t('age private key'),
    ['AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-PQ-1'],
    ['upper', 12, 50],
    'random',
  ),
  // Of '-----BEGIN ' and PRIVATE, RSA, DSA, EC, OPENSSH, ENCRYPTED, and PGP PRIVATE.
  prefixed(
    'privateKeyBase64',
    (l10n) => l10n.t('private key in base64'),
    [
      ...['LS0tLS1CRUdJTiBQUklWQVRF', 'LS0tLS1CRUdJTiBSU0Eg', 'LS0tLS1CRUdJTiBEU0Eg', 'LS0tLS1CRUdJTiBFQyBQ'],
      ...['LS0tLS1CRUdJTiBPUEVOU1NI', 'LS0tLS1CRUdJTiBFTkNSWVBURUQg', 'LS0tLS1CRUdJTiBQR1AgUFJJ'],
    ],
    ['base64', 24, 64],
  ),
  {
    form: 'url',
    kind: 'urlPassword',
    label: (l10n) => l10n.t('password in a URL'),
    precision: 'random',
  },
];
