import path from 'node:path';
import type { ClientProtocol, Tool } from './tool.ts';

const json = (value: unknown) => JSON.stringify(value, undefined, 2);

const claude: Tool = {
  id: 'claude',
  label: 'Claude Code',
  protocol: 'messages',
  bin: 'claude',
  images: 'read',
  invoke: ({ origin, token, model, prompt }) => ({
    args: ['-p', prompt, '--model', model, '--allowedTools', 'Read'],
    env: {
      ANTHROPIC_BASE_URL: origin,
      ANTHROPIC_AUTH_TOKEN: token,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
    },
  }),
  read: (file) => ({ name: 'Read', arguments: { file_path: file } }),
};

const codex: Tool = {
  id: 'codex',
  label: 'Codex',
  protocol: 'responses',
  bin: 'codex',
  images: 'prompt',
  invoke: ({ origin, token, model, prompt, image }) => ({
    args: [
      'exec',
      ...['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--model', model],
      ...(image === undefined ? [] : ['--image', image]),
      '--',
      prompt,
    ],
    env: { CALLGUARD_TOKEN: token },
    files: {
      '.codex/config.toml': `model_provider = "callguard"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.callguard]
name = "Callguard"
base_url = "${origin}/v1"
env_key = "CALLGUARD_TOKEN"
wire_api = "responses"
`,
    },
  }),
  read: (file) => ({ name: 'exec_command', arguments: { cmd: `cat '${file}'` } }),
};

const opencode: Tool = {
  id: 'opencode',
  label: 'opencode',
  protocol: 'chat',
  bin: 'opencode',
  images: 'prompt',
  invoke: ({ origin, token, model, prompt, image }) => ({
    args: ['run', '--model', `callguard/${model}`, prompt, ...(image === undefined ? [] : ['--file', image])],
    env: {
      CALLGUARD_TOKEN: token,
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    },
    files: { '.config/opencode/opencode.json': json(openCodeSettings(origin, model)) },
  }),
  read: (file) => ({ name: 'read', arguments: { filePath: file } }),
};

const kilo: Tool = {
  ...opencode,
  id: 'kilo',
  label: 'Kilo',
  bin: 'kilo',
  invoke: (task) => {
    const { args } = opencode.invoke(task);
    return {
      args: [...args, '--auto'],
      env: {
        CALLGUARD_TOKEN: task.token,
        ...Object.fromEntries(
          ['AUTOUPDATE', 'MODELS_FETCH', 'DEFAULT_PLUGINS', 'LSP_DOWNLOAD', 'SESSION_INGEST', 'PRESENCE'].map(
            (part) => [`KILO_DISABLE_${part}`, '1'],
          ),
        ),
        KILO_TELEMETRY_LEVEL: 'off',
      },
      files: { '.config/kilo/kilo.json': json(openCodeSettings(task.origin, task.model)) },
    };
  },
};

function openCodeSettings(origin: string, model: string) {
  return {
    provider: {
      callguard: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Callguard',
        options: { baseURL: `${origin}/v1`, apiKey: '{env:CALLGUARD_TOKEN}' },
        models: {
          [model]: {
            name: model,
            attachment: true,
            modalities: { input: ['text', 'image'], output: ['text'] },
          },
        },
      },
    },
    small_model: `callguard/${model}`,
    share: 'disabled',
    autoupdate: false,
  };
}

const qwen: Tool = {
  id: 'qwen',
  label: 'Qwen Code',
  protocol: 'chat',
  bin: 'qwen',
  images: 'prompt',
  invoke: ({ origin, token, model, prompt, image }) => ({
    args: [
      '-p',
      image === undefined ? prompt : `${prompt} @${image}`,
      '--yolo',
      '--auth-type',
      'openai',
      '--model',
      model,
    ],
    env: { OPENAI_BASE_URL: `${origin}/v1`, OPENAI_API_KEY: token, OPENAI_MODEL: model },
    files: {
      '.qwen/settings.json': json({
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
        general: { disableAutoUpdate: true, enableAutoUpdate: false },
      }),
    },
  }),
  read: (file) => ({ name: 'read_file', arguments: { file_path: file } }),
};

const gemini: Tool = {
  id: 'gemini',
  label: 'Gemini CLI',
  protocol: 'gemini',
  bin: 'gemini',
  images: 'prompt',
  invoke: ({ origin, token, model, prompt, image }) => ({
    args: ['-p', image === undefined ? prompt : `${prompt} @${image}`, '--yolo', '--model', model],
    env: { GOOGLE_GEMINI_BASE_URL: origin, GEMINI_API_KEY: token, GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    files: {
      '.gemini/settings.json': json({
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
        general: { enableAutoUpdate: false, disableAutoUpdate: true },
        security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      }),
    },
  }),
  read: (file) => ({ name: 'read_file', arguments: { file_path: file } }),
};

const copilot: Tool = {
  id: 'copilot',
  label: 'Copilot CLI',
  protocol: 'chat',
  bin: 'copilot',
  images: 'prompt',
  invoke: ({ origin, token, model, prompt, image }) => ({
    args: [
      '-p',
      prompt,
      '--allow-all-tools',
      '--allow-all-paths',
      '--no-color',
      ...(image === undefined ? [] : ['--attachment', image]),
    ],
    env: {
      COPILOT_PROVIDER_BASE_URL: `${origin}/v1`,
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_API_KEY: token,
      COPILOT_MODEL: model,
      COPILOT_OFFLINE: 'true',
      COPILOT_AUTO_UPDATE: 'false',
    },
  }),
  read: (file) => ({ name: 'view', arguments: { path: file } }),
};

const cline: Tool = {
  id: 'cline',
  label: 'Cline',
  protocol: 'chat',
  bin: 'cline',
  images: 'none',
  invoke: ({ origin, token, model, prompt }) => ({
    args: ['--auto-approve', 'true', prompt],
    env: { CLINE_NO_AUTO_UPDATE: '1' },
    setUp: [
      'auth',
      '--provider',
      'openai',
      '--apikey',
      token,
      '--baseurl',
      `${origin}/v1`,
      '--modelid',
      model,
    ],
  }),
  read: (file) => ({ name: 'read_files', arguments: { files: [{ path: file }] } }),
};

const cn: Tool = {
  id: 'cn',
  label: 'Continue (cn)',
  protocol: 'chat',
  bin: 'cn',
  images: 'none',
  invoke: ({ origin, token, model, prompt, home }) => ({
    args: ['-p', prompt, '--config', path.join(home, '.continue/config.yaml'), '--auto'],
    env: { CONTINUE_TELEMETRY_ENABLED: '0', CONTINUE_ALLOW_ANONYMOUS_TELEMETRY: '0', CALLGUARD_TOKEN: token },
    files: {
      '.continue/config.yaml': `name: callguard
version: 1.0.0
schema: v1
models:
  - name: callguard
    provider: openai
    model: ${model}
    apiBase: ${origin}/v1
    apiKey: \${{ secrets.CALLGUARD_TOKEN }}
    roles: [chat]
    capabilities: [tool_use, image_input]
`,
    },
  }),
  read: (file) => ({ name: 'Read', arguments: { filepath: file } }),
};

export const tools: readonly Tool[] = [claude, codex, opencode, kilo, qwen, cn, cline, copilot, gemini];

/** Names that the tools know, for the measurements without Callguard. */
export const models: Readonly<Record<ClientProtocol, string>> = {
  chat: 'gpt-5.5',
  responses: 'gpt-5.5',
  messages: 'claude-sonnet-5',
  gemini: 'gemini-3-flash',
};
