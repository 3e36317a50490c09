import { keyOf, prefixed, tokenOf, type Shape } from '../shape.ts';

/** Keys of clouds, and of what runs and watches things in them. */
export const cloudKeys: readonly Shape[] = [
  prefixed(
    'aws',
    (l10n) => l10n.t('AWS access key'),
    ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    ['upper', 12, 16],
    'random',
    // A file of credentials has the secret key in the next column.
    { partner: { chars: 'base64std', length: 40 } },
  ),
  {
    form: 'named',
    kind: 'awsSecret',
    label: (l10n) => l10n.t('AWS secret access key'),
    precision: 'named',
    names: ['secret access key', 'secret key', 'aws secret'],
    chars: 'base64std',
    full: 40,
    max: 40,
  },
  {
    form: 'named',
    kind: 'awsSession',
    label: (l10n) => l10n.t('AWS session token'),
    precision: 'named',
    names: ['session token', 'security token'],
    chars: 'base64',
    full: 100,
  },
  {
    form: 'named',
    kind: 'azureAccount',
    label: (l10n) => l10n.t('Azure account or shared access key'),
    precision: 'named',
    names: [
      ...['account key', 'access key', 'storage key', 'cosmos key', 'primary key', 'secondary key'],
      ...['account access key', 'shared access key'],
    ],
    chars: 'base64',
    full: 43,
    max: 88,
  },
  prefixed('digitalOcean', tokenOf('DigitalOcean'), ['dop_v1_', 'doo_v1_', 'dor_v1_'], ['hex', 12, 60]),
  prefixed('vault', tokenOf('HashiCorp Vault'), ['hvs.', 'hvb.', 'hvr.'], ['base64url', 12, 24], 'random'),
  {
    form: 'named',
    kind: 'vaultNamed',
    label: tokenOf('HashiCorp Vault'),
    precision: 'named',
    names: ['vault token'],
    chars: 'dotted',
    full: 26,
    max: 26,
  },
  {
    form: 'marker',
    kind: 'terraform',
    label: tokenOf('Terraform'),
    precision: 'prefix',
    marker: '.atlasv1.',
    before: { chars: 'alnum', min: 14, max: 14 },
    after: { chars: 'base64url', min: 50 },
  },
  prefixed('pulumi', tokenOf('Pulumi'), ['pul-'], ['hex', 16, 40], 'random'),
  prefixed('tailscale', keyOf('Tailscale'), ['tskey-'], ['base64url', 12, 24], 'random'),
  prefixed(
    'doppler',
    tokenOf('Doppler'),
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    ['dotted', 12, 40],
    'random',
  ),
  prefixed('onePassword', tokenOf('1Password'), ['ops_eyJ'], ['base64', 16, 100]),
  prefixed(
    'onePasswordSecret',
    (l10n) => l10n.t('1Password secret key'),
    ['A3-'],
    ['base64url', 32, 36],
    'random',
    { max: 38, accepts: isUpper },
  ),
  prefixed('supabase', keyOf('Supabase'), ['sbp_', 'sb_secret_'], ['base64url', 12, 28], 'random'),
  prefixed(
    'newRelic',
    keyOf('New Relic'),
    ['NRAK-', 'NRAA-', 'NRII-', 'NRIQ-', 'NRJS-', 'NRRA-'],
    ['base64url', 12, 19],
    'random',
  ),
  {
    form: 'marker',
    kind: 'newRelicLicense',
    label: (l10n) => l10n.t('New Relic license key'),
    precision: 'random',
    marker: 'NRAL',
    before: { chars: 'alnum', min: 36, max: 36 },
    after: { chars: 'alnum', min: 0 },
  },
  prefixed('grafana', tokenOf('Grafana'), ['glsa_', 'glc_', 'eyJrIjoi'], ['base64', 16, 32], 'random'),
  prefixed(
    'sentry',
    tokenOf('Sentry'),
    ['sntrys_', 'sntryu_', 'sntryi_', 'sntrya_'],
    ['base64', 16, 40],
    'random',
  ),
];

function isUpper(text: string, from: number, to: number): boolean {
  const key = text.slice(from, to);
  return key === key.toUpperCase() && key[6] === '-' && key.split('-').length >= 5;
}
