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
}

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
    ...{ cap: 402, final: 400, passing: 400 },
  },
  kilo: {
    ...{ label: 'Kilo Code', version: '7.7.7', userAgent: 'Kilo-Code/' },
    ...{ cap: 402, final: 400, passing: 400 },
  },
  qwen: {
    ...{ label: 'Qwen Code', version: '0.24.4', userAgent: 'QwenCode/' },
    ...{ cap: 402, final: 400, passing: 400 },
  },
  cn: {
    ...{ label: 'Continue', version: '1.5.47' },
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
