/** Secrets that no provider ever issued, with the looks of those that they do, and the texts they turn up in. */
import { rsaKeyOf } from './rsa-key.ts';
import { usualContexts, type Contexts } from './secret-contexts.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const sets = {
  alnum: upper + lower + digits,
  letters: upper + lower,
  slug: `${upper}${lower}${digits}-_`,
  hex: `${digits}abcdef`,
  base64: `${upper}${lower}${digits}+/`,
  upper: upper + digits,
  base32: `${upper}234567`,
  bech32: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  lower: lower + digits,
  digits,
} as const;

type Draw = (set: keyof typeof sets, length: number) => string;

/** Mulberry32: the same secrets for the same seed. */
function drawFrom(seed: number): Draw {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return (set, length) =>
    Array.from({ length }, () => sets[set][Math.floor(next() * sets[set].length)]).join('');
}

export type SecretGroup = 'model keys' | 'private keys' | 'tokens';

interface Made {
  readonly group: SecretGroup;
  /** As the registry names it. */
  readonly kind: string;
  readonly make: (draw: Draw) => string;
}

function jwt(draw: Draw): string {
  return `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ${draw('slug', 60)}.${draw('slug', 43)}`;
}

/** The lines of a key in base64, between marker lines. */
function block(draw: Draw, name: string, lines: number, width = 64): string {
  const body = Array.from({ length: lines }, () => draw('base64', width));
  return [`-----BEGIN ${name}-----`, ...body, `${draw('base64', 22)}==`, `-----END ${name}-----`].join('\n');
}

const modelKeys: readonly (readonly [kind: string, make: Made['make']])[] = [
  ['anthropic', (draw) => `sk-ant-api03-${draw('slug', 93)}AA`],
  ['anthropic', (draw) => `sk-ant-oat01-${draw('slug', 86)}`],
  ['openrouter', (draw) => `sk-or-v1-${draw('hex', 64)}`],
  ['openaiProject', (draw) => `sk-proj-${draw('slug', 74)}T3BlbkFJ${draw('slug', 74)}`],
  ['openaiProject', (draw) => `sk-svcacct-${draw('slug', 120)}`],
  ['openaiProject', (draw) => `sk-admin-${draw('slug', 120)}`],
  ['openai', (draw) => `sk-${draw('alnum', 20)}T3BlbkFJ${draw('alnum', 20)}`],
  ['openai', (draw) => `sk-${draw('hex', 32)}`],
  ['openai', (draw) => `sk-${draw('slug', 22)}`],
  ['openaiSession', (draw) => `sess-${draw('alnum', 40)}`],
  ['openaiEphemeral', (draw) => `ek_${draw('hex', 32)}`],
  ['groq', (draw) => `gsk_${draw('alnum', 52)}`],
  ['google', (draw) => `AIzaSy${draw('slug', 33)}`],
  ['googleAuth', (draw) => `AQ.Ab8RN6${draw('slug', 44)}`],
  ['googleOauth', (draw) => `ya29.a0${draw('slug', 160)}`],
  ['xai', (draw) => `xai-${draw('alnum', 80)}`],
  ['perplexity', (draw) => `pplx-${draw('alnum', 48)}`],
  ['huggingFace', (draw) => `hf_${draw('letters', 34)}`],
  ['huggingFace', (draw) => `api_org_${draw('letters', 34)}`],
  ['replicate', (draw) => `r8_${draw('slug', 37)}`],
  ['together', (draw) => `tgp_v1_${draw('slug', 43)}`],
  ['fireworks', (draw) => `fw_${draw('alnum', 22)}`],
  ['nvidia', (draw) => `nvapi-${draw('slug', 64)}`],
  ['cerebras', (draw) => `csk-${draw('lower', 48)}`],
  ['elevenLabs', (draw) => `sk_${draw('hex', 48)}`],
  ['langSmith', (draw) => `lsv2_pt_${draw('hex', 32)}_${draw('hex', 10)}`],
  ['pinecone', (draw) => `pcsk_${draw('alnum', 6)}_${draw('alnum', 63)}`],
  ['jina', (draw) => `jina_${draw('hex', 32)}${draw('alnum', 28)}`],
  ['voyage', (draw) => `pa-${draw('slug', 43)}`],
  ['runPod', (draw) => `rpa_${draw('upper', 42)}`],
  ['tavily', (draw) => `tvly-dev-${draw('alnum', 32)}`],
  ['vercelGateway', (draw) => `vck_${draw('alnum', 56)}`],
  ['databricks', (draw) => `dapi${draw('hex', 32)}`],
  ['cloudflare', (draw) => `cfut_${draw('alnum', 40)}${draw('hex', 8)}`],
  ['cloudflare', (draw) => `cfat_${draw('alnum', 40)}${draw('hex', 8)}`],
  ['bedrock', (draw) => `ABSKQmVkcm9ja0FQSUtleS${draw('base64', 108)}=`],
  ['bedrockShortTerm', (draw) => `bedrock-api-key-${draw('base64', 200)}`],
  ['azure', (draw) => `${draw('alnum', 52)}JQQJ99${draw('alnum', 26)}`],
  ['callguard', (draw) => `callguard_${draw('slug', 43)}`],
];

const privateKeys: typeof modelKeys = [
  ['privateKey', (draw) => rsaKeyOf((length) => draw('hex', length))],
  ['privateKey', (draw) => block(draw, 'RSA PRIVATE KEY', 24)],
  ['privateKey', (draw) => block(draw, 'PRIVATE KEY', 25)],
  ['privateKey', (draw) => block(draw, 'EC PRIVATE KEY', 2)],
  ['privateKey', (draw) => block(draw, 'OPENSSH PRIVATE KEY', 5, 70)],
  ['privateKey', (draw) => block(draw, 'PGP PRIVATE KEY BLOCK', 20).replace('\n', '\n\n')],
  [
    'privateKey',
    (draw) =>
      block(draw, 'RSA PRIVATE KEY', 12).replace(
        '\n',
        `\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${draw('upper', 32)}\n\n`,
      ),
  ],
  ['privateKey', (draw) => block(draw, 'ENCRYPTED PRIVATE KEY', 15)],
  [
    'privateKey',
    (draw) => {
      const key = { type: 'service_account', private_key: `${block(draw, 'PRIVATE KEY', 25)}\n` };
      return JSON.stringify(key, undefined, 2);
    },
  ],
  ['age', (draw) => `AGE-SECRET-KEY-1${draw('bech32', 58)}`],
  [
    'privateKey',
    (draw) =>
      [
        'PuTTY-User-Key-File-3: ssh-ed25519',
        'Encryption: none',
        'Private-Lines: 3',
        ...['base64', 'base64', 'base64'].map(() => draw('base64', 64)),
      ].join('\n'),
  ],
  [
    'privateKey',
    (draw) =>
      block(draw, 'SSH2 ENCRYPTED PRIVATE KEY', 12)
        .replaceAll('-----', '---- ')
        .replaceAll('---- \n', ' ----\n'),
  ],
  ['privateKey', (draw) => block(draw, 'DSA PRIVATE KEY', 8)],
  ['privateKeyBase64', (draw) => Buffer.from(block(draw, 'RSA PRIVATE KEY', 12)).toString('base64')],
];

const tokens: typeof modelKeys = [
  ['aws', (draw) => `AKIA${draw('base32', 16)}`],
  ['aws', (draw) => `ASIA${draw('base32', 16)}`],
  ['awsSecret', (draw) => `aws_secret_access_key = ${draw('base64', 40)}`],
  ['awsSecret', (draw) => `"SecretAccessKey": "${draw('base64', 40)}"`],
  ['awsSession', (draw) => `AWS_SESSION_TOKEN=IQoJb3JpZ2luX2Vj${draw('base64', 240)}==`],
  [
    'azureAccount',
    (draw) => `DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${draw('base64', 86)}==;`,
  ],
  ['azureAccount', (draw) => `SharedAccessKeyName=Root;SharedAccessKey=${draw('base64', 43)}=`],
  ['digitalOcean', (draw) => `dop_v1_${draw('hex', 64)}`],
  ['vault', (draw) => `hvs.${draw('slug', 95)}`],
  ['vault', (draw) => `hvs.CAESI${draw('slug', 86)}`],
  ['vault', (draw) => `hvb.AAAAAQ${draw('slug', 134)}`],
  ['vaultNamed', (draw) => `VAULT_TOKEN=s.${draw('alnum', 24)}`],
  ['aws', (draw) => `AKIA${draw('base32', 16)},${draw('base64', 40)}`],
  ['awsSecret', (draw) => `<SecretAccessKey>${draw('base64', 40)}`],
  ['azureAccount', (draw) => `AZURE_STORAGE_KEY: ${draw('base64', 86)}==`],
  ['terraform', (draw) => `${draw('alnum', 14)}.atlasv1.${draw('slug', 67)}`],
  ['pulumi', (draw) => `pul-${draw('hex', 40)}`],
  ['tailscale', (draw) => `tskey-auth-${draw('alnum', 13)}CNTRL-${draw('alnum', 32)}`],
  ['doppler', (draw) => `dp.pt.${draw('alnum', 43)}`],
  ['doppler', (draw) => `dp.st.prd.${draw('alnum', 43)}`],
  ['onePassword', (draw) => `ops_eyJ${draw('base64', 400)}`],
  [
    'onePasswordSecret',
    (draw) => `A3-${[6, 6, 5, 5, 5, 5].map((length) => draw('upper', length)).join('-')}`,
  ],
  ['supabase', (draw) => `sbp_${draw('hex', 40)}`],
  ['supabase', (draw) => `sb_secret_${draw('slug', 22)}_${draw('alnum', 8)}`],
  ['newRelic', (draw) => `NRAK-${draw('upper', 27)}`],
  ['newRelicLicense', (draw) => `${draw('hex', 36)}NRAL`],
  ['grafana', (draw) => `glsa_${draw('alnum', 32)}_${draw('hex', 8)}`],
  ['grafana', (draw) => `glc_eyJ${draw('base64', 120)}=`],
  ['sentry', (draw) => `sntrys_eyJ${draw('base64', 140)}=_${draw('base64', 43)}`],
  ['sentry', (draw) => `sntryu_${draw('hex', 64)}`],
  ['github', (draw) => `ghp_${draw('alnum', 36)}`],
  ['github', (draw) => `gho_${draw('alnum', 36)}`],
  ['githubInstallation', (draw) => `ghs_${draw('alnum', 36)}`],
  ['githubInstallation', (draw) => `ghs_123456_${jwt(draw)}`],
  ['githubFineGrained', (draw) => `github_pat_${draw('alnum', 22)}_${draw('alnum', 59)}`],
  ['gitlab', (draw) => `glpat-${draw('slug', 20)}`],
  ['gitlab', (draw) => `glpat-${draw('slug', 27)}.${draw('lower', 2)}.${draw('lower', 9)}`],
  ['gitlab', (draw) => `gldt-${draw('slug', 20)}`],
  ['npm', (draw) => `npm_${draw('alnum', 36)}`],
  ['pypi', (draw) => `pypi-AgEIcHlwaS5vcmcC${draw('slug', 150)}`],
  ['rubygems', (draw) => `rubygems_${draw('hex', 48)}`],
  ['docker', (draw) => `dckr_pat_${draw('slug', 27)}`],
  ['atlassian', (draw) => `ATATT3xFfGF0${draw('slug', 172)}=${draw('upper', 8)}`],
  ['atlassianNamed', (draw) => `JIRA_API_TOKEN=${draw('alnum', 24)}`],
  ['bitbucket', (draw) => `ATBB${draw('alnum', 32)}`],
  ['vercel', (draw) => `vcp_${draw('alnum', 56)}`],
  ['vercelNamed', (draw) => `VERCEL_TOKEN=${draw('alnum', 24)}`],
  ['postman', (draw) => `PMAK-${draw('hex', 24)}-${draw('hex', 34)}`],
  ['slack', (draw) => `xoxb-${draw('digits', 12)}-${draw('digits', 13)}-${draw('alnum', 24)}`],
  [
    'slack',
    (draw) => `xoxp-${draw('digits', 12)}-${draw('digits', 12)}-${draw('digits', 13)}-${draw('hex', 32)}`,
  ],
  ['slack', (draw) => `xapp-1-A${draw('upper', 10)}-${draw('digits', 13)}-${draw('hex', 64)}`],
  [
    'slackWebhook',
    (draw) =>
      `https://hooks.slack.com/services/T${draw('upper', 10)}/B${draw('upper', 10)}/${draw('alnum', 24)}`,
  ],
  [
    'slackWebhook',
    (draw) =>
      `https://hooks.slack.com/workflows/T${draw('upper', 8)}/A${draw('upper', 8)}/${draw('digits', 18)}/${draw('alnum', 24)}`,
  ],
  ['telegram', (draw) => `${draw('digits', 10)}:AA${draw('slug', 33)}`],
  ['telegram', (draw) => `${draw('digits', 9)}:A${draw('slug', 34)}`],
  ['discord', (draw) => `MT${draw('alnum', 24)}.${draw('slug', 6)}.${draw('slug', 38)}`],
  ['discordWebhook', (draw) => `https://discord.com/api/webhooks/${draw('digits', 19)}/${draw('slug', 68)}`],
  ['stripe', (draw) => `sk_live_${draw('alnum', 99)}`],
  ['stripe', (draw) => `rk_live_${draw('alnum', 24)}`],
  ['stripe', (draw) => `whsec_${draw('alnum', 32)}`],
  ['sendGrid', (draw) => `SG.${draw('slug', 22)}.${draw('slug', 43)}`],
  ['stripe', (draw) => `sk_org_live_${draw('alnum', 60)}`],
  ['mailgun', (draw) => `key-${draw('hex', 32)}`],
  ['mailgunNamed', (draw) => `MAILGUN_API_KEY=${draw('hex', 32)}-${draw('hex', 8)}-${draw('hex', 8)}`],
  ['shopify', (draw) => `shpat_${draw('hex', 32)}`],
  ['square', (draw) => `sq0atp-${draw('slug', 22)}`],
  ['square', (draw) => `sq0csp-${draw('slug', 43)}`],
  ['squareAccess', (draw) => `EAAA${draw('slug', 60)}`],
  ['linear', (draw) => `lin_api_${draw('alnum', 40)}`],
  ['notion', (draw) => `ntn_${draw('digits', 11)}${draw('alnum', 35)}`],
  ['notion', (draw) => `secret_${draw('alnum', 43)}`],
  ['figma', (draw) => `figd_${draw('slug', 40)}`],
  ['jwt', jwt],
];

const made: readonly Made[] = [
  ...modelKeys.map(([kind, make]): Made => ({ group: 'model keys', kind, make })),
  ...privateKeys.map(([kind, make]): Made => ({ group: 'private keys', kind, make })),
  ...tokens.map(([kind, make]): Made => ({ group: 'tokens', kind, make })),
];

export interface Sample {
  readonly group: SecretGroup;
  readonly kind: string;
  readonly context: string;
  readonly text: string;
  /** What must not be left of the secret: long pieces of it that are no marker or name. */
  readonly pieces: readonly string[];
}

/** Every secret in every context, `rounds` times over with other characters. */
export function samples(seed: number, rounds: number): Generator<Sample> {
  return samplesIn(usualContexts, seed, rounds);
}

/** The same for other contexts. `ofLines` are for secrets of several lines. */
export function* samplesIn(
  all: Contexts,
  seed: number,
  rounds: number,
  ofLines: Contexts = {},
): Generator<Sample> {
  const draw = drawFrom(seed);
  for (let round = 0; round < rounds; round += 1) {
    for (const { group, kind, make } of made) {
      const fitting = { ...all, ...(make(draw).startsWith('-----') ? ofLines : {}) };
      for (const [context, wrap] of Object.entries(fitting)) {
        const secret = make(draw);
        yield { group, kind, context, text: wrap(secret), pieces: piecesOf(secret) };
      }
    }
  }
}

/** Whether a piece of the sample's secret is still in a text, as it is or escaped. */
export function isLeftIn(text: string, { pieces }: Sample): boolean {
  return pieces.some((piece) => {
    const url = encodeURIComponent(piece);
    const slashes = [String.raw`\/`, String.raw`\\/`].map((slash) => piece.replaceAll('/', slash));
    return [piece, url, encodeURIComponent(url), ...slashes].some((form) => text.includes(form));
  });
}

/** The last 12 characters of each line, or of the value, that have the secret in them. */
function piecesOf(secret: string): string[] {
  const lines = secret.includes('private_key')
    ? (JSON.parse(secret) as { private_key: string }).private_key
    : secret;
  return lines
    .split('\n')
    .filter((line) => !/----|^$|: /.test(line) || lines === line)
    .map((line) => (/[A-Za-z0-9+/_-]{12}(?=[=";]*$)/.exec(line) ?? [line.slice(-12)])[0]);
}
