import path from 'node:path';
import process from 'node:process';
import {
  toolConnections,
  type ConnectFacts,
  type ToolConnection,
} from '../../src/gateway/connect/tool-connections.ts';
import { applySettings } from '../../src/gateway/connect/edit-settings.ts';
import type { ClientProtocol, Invocation, Task, Tool } from './tool.ts';

/** What Connect a Tool gives the tool: variables, settings in JSON, and the lines that the user copies. */
function connected(id: keyof typeof toolConnections, { origin, token, model, home }: Task): Invocation {
  const connection: ToolConnection = toolConnections[id];
  const facts: ConnectFacts = { address: origin, models: [model], model };
  const places = { home, env: {}, platform: process.platform };
  const files: Record<string, string> = {};
  const { settings, lines } = connection;
  if (settings !== undefined) {
    const edited = applySettings('', settings.values(facts, places));
    if (!edited.ok) throw new Error(`the settings of ${id} cannot be written: ${edited.error}`);
    files[settings.files(places)[0]] = edited.value.text;
  }
  if (lines !== undefined) files[lines.file(places)] = lines.text(facts);
  return { args: [], env: connection.variables(facts, token), files };
}

/** A tool whose users connect it as Callguard shows them, with what keeps it quiet besides. */
function tool(
  fields: Omit<Tool, 'invoke' | 'label'> & { readonly id: keyof typeof toolConnections },
  args: (task: Task) => readonly string[],
  quiet: { readonly env?: Invocation['env']; readonly before?: Readonly<Record<string, string>> } = {},
): Tool {
  return {
    ...fields,
    label: toolConnections[fields.id].label,
    invoke: (task) => {
      const { env, files = {} } = connected(fields.id, task);
      const before = Object.entries(quiet.before ?? {}).map(([name, text]) => {
        const file = path.join(task.home, name);
        return [file, text + (files[file] ?? '')];
      });
      return {
        args: args(task),
        env: { ...env, ...quiet.env },
        files: { ...files, ...(Object.fromEntries(before) as Record<string, string>) },
      };
    },
  };
}

const flagged = (flag: string, image: string | undefined) => (image === undefined ? [] : [flag, image]);
const atFile = (prompt: string, image: string | undefined) =>
  image === undefined ? prompt : `${prompt} @${image}`;
const allOf = (prefix: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, '1']));

export const tools: readonly Tool[] = [
  tool(
    {
      ...{ id: 'claude', protocol: 'messages', bin: 'claude', images: 'read' },
      read: (file) => ({ name: 'Read', arguments: { file_path: file } }),
    },
    ({ prompt, model }) => ['-p', prompt, '--model', model, '--allowedTools', 'Read'],
    {
      env: {
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        ...allOf('DISABLE_', ['TELEMETRY', 'ERROR_REPORTING', 'AUTOUPDATER']),
      },
    },
  ),
  tool(
    {
      ...{ id: 'codex', protocol: 'responses', bin: 'codex', images: 'prompt' },
      read: (file) => ({ name: 'exec_command', arguments: { cmd: `cat '${file}'` } }),
    },
    ({ prompt, model, image }) => [
      ...['exec', '-c', 'model_provider=callguard', '--model', model],
      ...['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'],
      ...flagged('--image', image),
      ...['--', prompt],
    ],
    {
      before: { '.codex/config.toml': 'check_for_update_on_startup = false\n[analytics]\nenabled = false\n' },
    },
  ),
  tool(
    {
      ...{ id: 'opencode', protocol: 'chat', bin: 'opencode', images: 'prompt' },
      read: (file) => ({ name: 'read', arguments: { filePath: file } }),
    },
    ({ prompt, model, image }) => [
      'run',
      '--model',
      `callguard/${model}`,
      prompt,
      ...flagged('--file', image),
    ],
    { env: allOf('OPENCODE_DISABLE_', ['AUTOUPDATE', 'MODELS_FETCH', 'DEFAULT_PLUGINS', 'SHARE']) },
  ),
  tool(
    {
      ...{ id: 'kilo', protocol: 'chat', bin: 'kilo', images: 'prompt' },
      read: (file) => ({ name: 'read', arguments: { filePath: file } }),
    },
    ({ prompt, model, image }) => [
      ...['run', '--auto', '--model', `callguard/${model}`, prompt],
      ...flagged('--file', image),
    ],
    {
      env: {
        ...allOf('KILO_DISABLE_', ['AUTOUPDATE', 'MODELS_FETCH', 'DEFAULT_PLUGINS', 'LSP_DOWNLOAD', 'SHARE']),
        ...allOf('KILO_DISABLE_', ['SESSION_INGEST', 'PRESENCE', 'CODEBASE_INDEXING']),
        KILO_TELEMETRY_LEVEL: 'off',
      },
    },
  ),
  tool(
    {
      ...{ id: 'qwen', protocol: 'chat', bin: 'qwen', images: 'prompt', imageModel: 'gpt-5.5' },
      read: (file) => ({ name: 'read_file', arguments: { file_path: file } }),
    },
    ({ prompt, model, image }) => [
      ...['-p', atFile(prompt, image), '--yolo', '--auth-type', 'openai', '--model', model],
    ],
    { env: { QWEN_TELEMETRY_ENABLED: 'false', QWEN_CODE_SUPPRESS_YOLO_WARNING: '1' } },
  ),
  tool(
    {
      ...{ id: 'cn', protocol: 'chat', bin: 'cn', images: 'none' },
      read: (file) => ({ name: 'Read', arguments: { filepath: file } }),
    },
    ({ prompt, home }) => ['-p', prompt, '--config', path.join(home, '.continue', 'config.yaml'), '--auto'],
    {
      env: { CONTINUE_TELEMETRY_ENABLED: '0' },
      before: { '.continue/config.yaml': 'name: mine\nversion: 1.0.0\nschema: v1\n' },
    },
  ),
  tool(
    {
      ...{ id: 'cline', protocol: 'chat', bin: 'cline', images: 'read' },
      read: (file) => ({ name: 'read_files', arguments: { files: [{ path: file }] } }),
    },
    ({ prompt, model }) => [...['--auto-approve', 'true', '-P', 'openai-compatible', '-m', model, prompt]],
    { env: { CLINE_NO_AUTO_UPDATE: '1' } },
  ),
  tool(
    {
      ...{ id: 'copilot', protocol: 'chat', bin: 'copilot', images: 'prompt' },
      read: (file) => ({ name: 'view', arguments: { path: file } }),
    },
    ({ prompt, image }) => [
      ...['-p', prompt, '--allow-all-tools', '--allow-all-paths', '--no-color'],
      ...flagged('--attachment', image),
    ],
    { env: { COPILOT_OFFLINE: 'true', COPILOT_AUTO_UPDATE: 'false' } },
  ),
  tool(
    {
      ...{ id: 'gemini', protocol: 'gemini', bin: 'gemini', images: 'prompt' },
      read: (file) => ({ name: 'read_file', arguments: { file_path: file } }),
    },
    ({ prompt, model, image }) => ['-p', atFile(prompt, image), '--yolo', '--model', model],
    {
      env: { GEMINI_CLI_TRUST_WORKSPACE: 'true', GEMINI_TELEMETRY_ENABLED: 'false' },
    },
  ),
];

/** Names that the tools know, for the measurements without Callguard. */
export const models: Readonly<Record<ClientProtocol, string>> = {
  chat: 'gpt-5.5',
  responses: 'gpt-5.5',
  messages: 'claude-sonnet-5',
  gemini: 'gemini-3-flash',
};
