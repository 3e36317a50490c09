/**
 * What well-known tools do with a refusal, as measured (`test/clients/measured.json`; the table in docs/tools.md).
 *
 * Each status is the one with which the tool shows the refusal's words soonest, and asks least often.
 */
export interface ToolStatuses {
  readonly label: string;
  /** The version that was measured. */
  readonly version: string;
  /** What its user agent begins with, if no other tool has the same. */
  readonly userAgent?: string;
  /** A cap that is used up. */
  readonly cap: 429 | 402 | 400;
  /** What lasts until the user does something. */
  readonly final: 400 | 402;
  /** What ends by itself, such as an open circuit. */
  readonly passing: 503 | 402 | 400;
  /** Words by which it takes any refusal for one that passes, and repeats the request without showing it. */
  readonly repeatsOn?: RegExp;
}

/** What opencode and Kilo, which is built on it, look for in the message and in the body of an error. */
const openCodeRepeatsOn = new RegExp(
  [
    String.raw`\d*(?:429|50[0234]|524)\d*`,
    'rate increased too quickly|rate[ _-]limit|too[ _]many[ _]requests',
    'overloaded|unavailable|exhausted|terminated|at capacity',
    '(?:internal|server|network)[ _-]+(?:server[ _-]+)?error|provider[ _-]returned[ _-]error',
    'fetch failed|failed to fetch|upstream connect|reset before headers|socket (?:connection|hang)',
    'connection (?:error|refused|lost)|getaddrinfo|enotfound|eai_again|econn(?:refused|reset)|etimedout',
    'timeout|timed out|time out',
    '(?:re)?try (?:again|your request)|service[ _-]unavailable',
  ].join('|'),
  'gi',
);

export const toolStatuses = {
  claude: {
    ...{ label: 'Claude Code', version: '2.1.332', userAgent: 'claude-cli/' },
    ...{ cap: 429, final: 402, passing: 402 },
  },
  codex: {
    ...{ label: 'Codex', version: '0.171.0', userAgent: 'codex_exec/' },
    ...{ cap: 400, final: 400, passing: 400 },
  },
  opencode: {
    ...{ label: 'opencode', version: '1.18.33', userAgent: 'opencode/' },
    ...{ cap: 402, final: 400, passing: 400, repeatsOn: openCodeRepeatsOn },
  },
  kilo: {
    ...{ label: 'Kilo Code', version: '7.7.7', userAgent: 'Kilo-Code/' },
    ...{ cap: 402, final: 400, passing: 400, repeatsOn: openCodeRepeatsOn },
  },
  qwen: {
    ...{ label: 'Qwen Code', version: '0.24.4', userAgent: 'QwenCode/' },
    ...{ cap: 402, final: 400, passing: 400 },
  },
  cn: {
    ...{ label: 'Continue', version: '1.5.47' },
    ...{ cap: 402, final: 400, passing: 400 },
  },
  cline: {
    ...{ label: 'Cline', version: '3.0.65' },
    ...{ cap: 402, final: 400, passing: 400 },
  },
  copilot: {
    ...{ label: 'Copilot CLI', version: '1.0.102' },
    ...{ cap: 429, final: 400, passing: 400 },
  },
  gemini: {
    ...{ label: 'Gemini CLI', version: '0.61.0', userAgent: 'GeminiCLI' },
    ...{ cap: 402, final: 400, passing: 400 },
  },
} as const satisfies Readonly<Record<string, ToolStatuses>>;

export type ToolId = keyof typeof toolStatuses;
