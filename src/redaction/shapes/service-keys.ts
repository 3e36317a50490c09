import { isIn } from '../char-sets.ts';
import { keyOf, prefixed, tokenOf, webhookOf, type Shape } from '../shape.ts';

const discordStart = /[MNO][\w-]{22,27}$/;
const discordEnd = /\.[\w-]{6}\.[\w-]{27}/y;

/** Keys of chats, mail, payments and of other services, and web tokens of any. */
export const serviceKeys: readonly Shape[] = [
  prefixed(
    'slack',
    tokenOf('Slack'),
    [
      ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.xoxb-'],
      ...['xoxe.xoxp-', 'xapp-', 'xwfp-'],
    ],
    ['base64url', 8, 24],
    'random',
  ),
  prefixed(
    'slackWebhook',
    webhookOf('Slack'),
    [
      ...['hooks.slack.com/services/', 'hooks.slack.com/workflows/', 'hooks.slack.com/triggers/'],
      'hooks.slack-gov.com/services/',
    ],
    ['path', 20, 36],
    'random',
  ),
  {
    form: 'marker',
    kind: 'telegram',
    label: tokenOf('Telegram'),
    precision: 'random',
    marker: ':A',
    before: { chars: 'alnum', min: 8, max: 10 },
    after: { chars: 'base64url', min: 34 },
    // It stands right behind `bot` in addresses.
    glued: true,
    accepts: (text, at) => /\d{8}$/.test(text.slice(Math.max(0, at - 8), at)),
  },
  {
    form: 'marker',
    kind: 'discord',
    label: tokenOf('Discord'),
    precision: 'random',
    marker: '.',
    before: { chars: 'base64url', min: 23, max: 28 },
    after: { chars: 'dotted', min: 34 },
    accepts: isDiscordToken,
  },
  prefixed('discordMfa', tokenOf('Discord'), ['mfa.'], ['base64url', 40, 80], 'random'),
  prefixed(
    'discordWebhook',
    webhookOf('Discord'),
    ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    ['path', 30, 70],
    'random',
  ),
  prefixed(
    'stripe',
    keyOf('Stripe'),
    ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_org_', 'whsec_'],
    ['base64', 8, 24],
    'random',
  ),
  prefixed('sendGrid', keyOf('SendGrid'), ['SG.'], ['dotted', 24, 60], 'random', {
    accepts: (_text, from, to, runs) => isBetween(runs.end('base64url', from), from + 16, to - 8),
  }),
  prefixed('mailgun', keyOf('Mailgun'), ['key-', 'pubkey-'], ['hex', 32, 32], 'random'),
  {
    form: 'named',
    kind: 'mailgunNamed',
    label: keyOf('Mailgun'),
    precision: 'named',
    names: ['mailgun key', 'mailgun api key', 'mailgun signing key', 'mailgun private key'],
    chars: 'base64url',
    full: 50,
    max: 50,
  },
  prefixed(
    'shopify',
    tokenOf('Shopify'),
    ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shpua_', 'shptka_'],
    ['hex', 12, 32],
    'random',
  ),
  prefixed('square', tokenOf('Square'), ['sq0atp-', 'sq0csp-'], ['base64url', 12, 22], 'random'),
  prefixed('squareAccess', tokenOf('Square'), ['EAAA'], ['base64url', 60, 60], 'random', {
    max: 60,
  }),
  prefixed('linear', keyOf('Linear'), ['lin_api_', 'lin_oauth_'], ['alnum', 12, 32], 'random'),
  prefixed('notion', tokenOf('Notion'), ['ntn_', 'secret_'], ['alnum', 36, 43], 'random'),
  prefixed(
    'figma',
    tokenOf('Figma'),
    ['figd_', 'figo_', 'figor_', 'figoh_'],
    ['base64url', 12, 36],
    'random',
  ),
  prefixed('jwt', (l10n) => l10n.t('JSON web token'), ['eyJ'], ['dotted', 17, 25], 'prefix', {
    accepts: (_text, from, to, runs) => isBetween(runs.end('base64url', from), from + 8, to - 9),
  }),
];

/** A user's number in base64, a time, and a signature. */
function isDiscordToken(text: string, at: number): boolean {
  if (text[at + 7] !== '.' || !isIn('base64url', text, at + 34)) return false;
  discordEnd.lastIndex = at;
  return discordEnd.test(text) && discordStart.test(text.slice(Math.max(0, at - 28), at));
}

/** Whether the first of the parts that dots separate ends there. */
function isBetween(index: number, from: number, to: number): boolean {
  return index >= from && index <= to;
}
