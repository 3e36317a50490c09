import type { Wording } from '../shared/l10n.ts';

/** The shape of one kind of secret. */
export interface Detector {
  /** A stable id for audit rows and tests. */
  readonly kind: string;
  /** The name that users see. */
  readonly label: Wording;
  /** The beginnings of such secrets. Redaction keeps them and blanks the rest. Empty if there are none. */
  readonly prefixes: readonly string[];
  /** Loose, for logs and errors: blanking too much is better than showing a secret. */
  readonly pattern: string;
  /** With the full length of real keys, for prompts: `sk-fading-circle` is a CSS class, not a key. */
  readonly fullPattern: string;
}

/**
 * Where a secret may start: not inside a word, unless the letter before it ends an escape (`\n` and `\u003d` in JSON,
 * `%3D` in a URL).
 */
const boundary = String.raw`(?<!(?<!\\|%[0-9A-Fa-f]?|\\u[0-9A-Fa-f]{3})[A-Za-z0-9_-])`;

const word = '[A-Za-z0-9]';
const slug = '[A-Za-z0-9_-]';

function prefixed(
  kind: string,
  label: Wording,
  prefixes: readonly [string, ...string[]],
  chars: string,
  loose: number,
  full: number,
): Detector {
  const escaped = prefixes.map((prefix) => prefix.replaceAll('.', String.raw`\.`));
  const head = escaped.length === 1 ? escaped.join('') : `(?:${escaped.join('|')})`;
  return {
    kind,
    label,
    prefixes,
    pattern: `${boundary}${head}${chars}{${loose},}`,
    fullPattern: `${boundary}${head}${chars}{${full},}`,
  };
}

function keyOf(brand: string): Wording {
  return (l10n) => l10n.t('{0} key', brand);
}

function tokenOf(brand: string): Wording {
  return (l10n) => l10n.t('{0} token', brand);
}

const jwt = String.raw`${boundary}eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]`;
// Azure's newer keys have a marker in the middle instead of a prefix: 52 characters, JQQJ9, 27 more.
const azure = `${boundary}${word}{52}JQQJ9${word}{27,}`;

/**
 * Every known shape, specific prefixes before general ones. Each pattern is a boundary, a prefix and an open-ended run.
 * No quantifier is inside another, so matching is linear in JavaScript. Lengths are slightly below those of the keys
 * that providers issue.
 */
export const detectors: readonly Detector[] = [
  prefixed('anthropic', keyOf('Anthropic'), ['sk-ant-'], slug, 6, 60),
  prefixed('openrouter', keyOf('OpenRouter'), ['sk-or-v1-'], slug, 6, 48),
  prefixed('openaiProject', keyOf('OpenAI'), ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], slug, 6, 40),
  prefixed('openai', (l10n) => l10n.t('{0}-style key', 'OpenAI'), ['sk-'], slug, 6, 32),
  prefixed('groq', keyOf('Groq'), ['gsk_'], word, 8, 40),
  prefixed('google', (l10n) => l10n.t('Google API key'), ['AIza'], slug, 8, 35),
  prefixed('googleAuth', (l10n) => l10n.t('Google auth key'), ['AQ.'], slug, 16, 40),
  prefixed('xai', keyOf('xAI'), ['xai-'], slug, 8, 60),
  prefixed('perplexity', keyOf('Perplexity'), ['pplx-'], slug, 8, 40),
  prefixed('huggingFace', tokenOf('Hugging Face'), ['hf_'], word, 8, 30),
  prefixed('replicate', tokenOf('Replicate'), ['r8_'], word, 8, 32),
  prefixed('together', keyOf('Together'), ['tgp_v1_'], slug, 8, 32),
  prefixed('fireworks', keyOf('Fireworks'), ['fw_'], word, 8, 20),
  prefixed('nvidia', keyOf('NVIDIA'), ['nvapi-'], slug, 8, 50),
  prefixed('cerebras', keyOf('Cerebras'), ['csk-'], slug, 8, 40),
  prefixed('callguard', (l10n) => l10n.t('Callguard gateway token'), ['callguard_'], slug, 8, 40),
  prefixed('aws', (l10n) => l10n.t('AWS access key'), ['AKIA', 'ASIA'], '[A-Z0-9]', 12, 16),
  prefixed('bedrock', keyOf('Amazon Bedrock'), ['ABSK'], '[A-Za-z0-9+/=]', 16, 80),
  prefixed('github', tokenOf('GitHub'), ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], word, 8, 36),
  prefixed('githubFineGrained', tokenOf('GitHub'), ['github_pat_'], '[A-Za-z0-9_]', 8, 60),
  {
    kind: 'jwt',
    label: (l10n) => l10n.t('JSON web token'),
    prefixes: ['eyJ'],
    pattern: `${jwt}{8,}`,
    fullPattern: `${jwt}{16,}`,
  },
  { kind: 'azure', label: keyOf('Azure'), prefixes: [], pattern: azure, fullPattern: azure },
];

/** The marker in every key of the only detector without a prefix. Searching it first is fast. */
export const azureMarker = 'JQQJ9';
