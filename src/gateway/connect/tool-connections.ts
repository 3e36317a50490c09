import path from 'node:path';
import type { ToolSetting } from './edit-settings.ts';

/** What leads a tool to the gateway. */
export interface ConnectFacts {
  /** The address of the gateway, without a version. */
  readonly address: string;
  /** The models that it offers. */
  readonly models: readonly string[];
  /** One of them, for a tool that needs to be given one. */
  readonly model: string;
}

/** Where the tools keep their settings. */
export interface Places {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

export interface ToolConnection {
  readonly label: string;
  /** What the tool reads from its environment. */
  variables(facts: ConnectFacts, token: string): Readonly<Record<string, string>>;
  /** Settings in JSON, which Callguard can write. The first of the files that exists, else the first. */
  readonly settings?: {
    files(places: Places): readonly [string, ...string[]];
    values(facts: ConnectFacts, places: Places): readonly ToolSetting[];
  };
  /** Settings in another format, which Callguard only shows. */
  readonly lines?: {
    file(places: Places): string;
    text(facts: ConnectFacts): string;
  };
  /** How the tool is started with a model of Callguard's. */
  command(facts: ConnectFacts): string;
}

/** The variable that settings refer to instead of holding a token. */
export const tokenVariable = 'CALLGUARD_TOKEN';

/** How opencode and Kilo refer to it. */
const tokenReference = `{env:${tokenVariable}}`;

/** Redacts settings, but not what stands for the token: it looks like the value of a key. */
export function redactSettings(text: string, redact: (text: string) => string): string {
  return text
    .split(tokenReference)
    .map((part) => redact(part))
    .join(tokenReference);
}

const onlyToken = (_: ConnectFacts, token: string) => ({ [tokenVariable]: token });
const openAi = ({ address }: ConnectFacts, token: string) => ({
  OPENAI_BASE_URL: `${address}/v1`,
  OPENAI_API_KEY: token,
});
const inHome =
  (...names: readonly string[]) =>
  ({ home }: Places) =>
    path.join(home, ...names);

/** The settings of opencode and of Kilo, which is built on it. */
function openCode(
  folder: string,
  names: readonly [string, ...string[]],
): NonNullable<ToolConnection['settings']> {
  return {
    files: ({ home, env }) => {
      const inFolder = (name: string) =>
        path.join(env['XDG_CONFIG_HOME'] ?? path.join(home, '.config'), folder, name);
      const [first, ...others] = names;
      return [inFolder(first), ...others.map(inFolder)];
    },
    values: ({ address, models }) => [
      {
        path: ['provider', 'callguard'],
        value: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Callguard',
          options: { baseURL: `${address}/v1`, apiKey: tokenReference },
          models: Object.fromEntries(models.map((model) => [model, openCodeModel(model)])),
        },
      },
    ],
  };
}

/** opencode sends no image to a model that it does not know, unless its settings say so. */
function openCodeModel(name: string): object {
  return { name, attachment: true, modalities: { input: ['text', 'image', 'pdf'], output: ['text'] } };
}

/** The ids are those of the table of statuses; SDKs have no row there. */
export const toolConnections = {
  claude: {
    label: 'Claude Code',
    // Its helper runs even if it has a token from the environment.
    variables: ({ address }, token) => ({
      ANTHROPIC_BASE_URL: address,
      ANTHROPIC_AUTH_TOKEN: token,
      [tokenVariable]: token,
    }),
    settings: {
      files: ({ home, env }) => [
        path.join(env['CLAUDE_CONFIG_DIR'] ?? path.join(home, '.claude'), 'settings.json'),
      ],
      values: ({ address }, { platform }) => [
        { path: ['env', 'ANTHROPIC_BASE_URL'], value: address },
        {
          path: ['apiKeyHelper'],
          value:
            platform === 'win32'
              ? `cmd /c echo %${tokenVariable}%` // Claude Code shows what its helper reports.
              : `printenv ${tokenVariable} || { echo '${tokenVariable} is not set in this shell.' >&2; exit 1; }`,
        },
      ],
    },
    command: ({ model }) => `claude --model ${model}`,
  },
  codex: {
    label: 'Codex',
    variables: onlyToken,
    lines: {
      file: ({ home, env }) => path.join(env['CODEX_HOME'] ?? path.join(home, '.codex'), 'config.toml'),
      text: ({ address }) => `[model_providers.callguard]
name = "Callguard"
base_url = "${address}/v1"
env_key = "${tokenVariable}"
wire_api = "responses"
`,
    },
    command: ({ model }) => `codex -c model_provider=callguard --model ${model}`,
  },
  opencode: {
    label: 'opencode',
    variables: onlyToken,
    settings: openCode('opencode', ['opencode.json', 'opencode.jsonc']),
    command: ({ model }) => `opencode --model callguard/${model}`,
  },
  kilo: {
    label: 'Kilo Code',
    variables: onlyToken,
    settings: openCode('kilo', ['kilo.json', 'kilo.jsonc']),
    command: ({ model }) => `kilo --model callguard/${model}`,
  },
  qwen: {
    label: 'Qwen Code',
    variables: (facts, token) => ({ ...openAi(facts, token), [tokenVariable]: token }),
    settings: {
      files: (places) => [inHome('.qwen', 'settings.json')(places)],
      values: ({ address, models }) => [
        { path: ['providerProtocol', 'callguard'], value: 'openai' },
        {
          path: ['modelProviders', 'callguard'],
          value: models.map((id) => ({
            ...{ id, name: id, baseUrl: `${address}/v1`, envKey: tokenVariable },
            // It sends no image to a model that it does not know.
            generationConfig: { modalities: { image: true, pdf: true } },
          })),
        },
      ],
    },
    command: ({ model }) => `qwen --auth-type openai --model ${model}`,
  },
  cn: {
    label: 'Continue',
    variables: onlyToken,
    lines: {
      file: inHome('.continue', 'config.yaml'),
      text: ({ address, models }) =>
        ['models:']
          .concat(
            models.map(
              (model) => `  - name: ${JSON.stringify(model)}
    provider: openai
    model: ${JSON.stringify(model)}
    apiBase: ${address}/v1
    apiKey: \${{ secrets.${tokenVariable} }}
    roles: [chat, edit]`,
            ),
          )
          .join('\n') + '\n',
    },
    command: () => 'cn',
  },
  cline: {
    label: 'Cline',
    variables: openAi,
    settings: {
      files: (places) => [inHome('.cline', 'data', 'settings', 'providers.json')(places)],
      values: ({ address, model }) => [
        { path: ['version'], value: 1 },
        {
          path: ['providers', 'openai-compatible'],
          value: {
            settings: { provider: 'openai-compatible', model, baseUrl: `${address}/v1` },
            updatedAt: '2026-01-01T00:00:00.000Z',
            tokenSource: 'manual',
          },
        },
      ],
    },
    command: ({ model }) => `cline -P openai-compatible -m ${model}`,
  },
  copilot: {
    label: 'Copilot CLI',
    variables: ({ address, model }, token) => ({
      COPILOT_PROVIDER_BASE_URL: `${address}/v1`,
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_API_KEY: token,
      COPILOT_MODEL: model,
    }),
    command: () => 'copilot',
  },
  gemini: {
    label: 'Gemini CLI',
    variables: ({ address }, token) => ({ GOOGLE_GEMINI_BASE_URL: address, GEMINI_API_KEY: token }),
    settings: {
      files: (places) => [inHome('.gemini', 'settings.json')(places)],
      // Without it, the tool takes the address for a kind of sign-in that it then refuses.
      values: () => [{ path: ['security', 'auth', 'selectedType'], value: 'gemini-api-key' }],
    },
    command: ({ model }) => `gemini --model ${model}`,
  },
} as const satisfies Readonly<Record<string, ToolConnection>>;
