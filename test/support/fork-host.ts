/**
 * Activates the built extension in a stub of VS Code that lacks parts of its API, as forks do. Started with the folder of
 * the build, a folder for the storage, and the names of what is missing, or refused if an exclamation mark follows. Prints what became of it as JSON.
 */
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import type { CallguardApi } from '../../src/api.ts';
import { english } from '../../src/shared/l10n.ts';

const [dist = '', storage = '', ...missing] = process.argv.slice(2);
const logged: string[] = [];
const commands: string[] = [];
const models: string[] = [];
const views: string[] = [];

type Api = Record<string, unknown>;
const nothing = () => ({ dispose: () => undefined });
const refuse = () => {
  throw new Error('This extension cannot use the proposed API chatProvider.');
};
const unanswered = () => Promise.resolve(undefined);
const log = (level: string) => (text: string) => {
  logged.push(`${level}: ${text}`);
};

class Emitter {
  readonly event = nothing;
  fire(): void {
    // Nobody listens in this stub.
  }
  dispose(): void {
    // Nothing is held.
  }
}

class CancellationTokenSource {
  readonly token = { isCancellationRequested: false, onCancellationRequested: nothing };
  cancel(): void {
    // Nobody looks at the token.
  }
  dispose(): void {
    // Nothing is held.
  }
}

class LanguageModelError extends Error {
  readonly code = 'NotFound';
  static NotFound(): LanguageModelError {
    return new LanguageModelError('not found');
  }
}

class Plain {
  readonly given: unknown[];
  constructor(...given: unknown[]) {
    this.given = given;
  }
  appendMarkdown(): this {
    return this;
  }
  appendText(): this {
    return this;
  }
}

const settings = {
  providers: {
    trial: { kind: 'sandbox', models: { list: ['echo'] } },
    other: { kind: 'editor', models: { list: ['x/y'] } },
  },
};
const inspect = (section: string) => (section === 'callguard' ? { globalValue: settings } : {});
const secrets = new Map<string, string>();

const secretStorage: Api = {
  get: (name: string) => Promise.resolve(secrets.get(name)),
  store: (name: string, value: string) => Promise.resolve(void secrets.set(name, value)),
  delete: (name: string) => Promise.resolve(void secrets.delete(name)),
  keys: () => Promise.resolve([...secrets.keys()]),
  onDidChange: nothing,
};
const lm: Api = {
  registerLanguageModelChatProvider: (vendor: string) => {
    models.push(vendor);
    return nothing();
  },
  selectChatModels: () => Promise.resolve([]),
};
const classes = [
  'CancellationError',
  'LanguageModelChatMessage',
  'LanguageModelDataPart',
  'LanguageModelPromptTsxPart',
  'LanguageModelTextPart',
  'LanguageModelToolCallPart',
  'LanguageModelToolResultPart',
  'MarkdownString',
  'Position',
  'Range',
  'RelativePattern',
  'Selection',
  'ThemeColor',
  'ThemeIcon',
  'TreeItem',
  'WorkspaceEdit',
];
const vscode: Api = {
  ...Object.fromEntries(classes.map((name) => [name, class extends Plain {}])),
  CancellationTokenSource,
  LanguageModelError,
  LanguageModelChatMessageRole: { User: 1, Assistant: 2 },
  LanguageModelChatToolMode: { Auto: 1, Required: 2 },
  Disposable: { from: nothing },
  EventEmitter: Emitter,
  StatusBarAlignment: { Left: 1 },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  ConfigurationTarget: { Global: 1 },
  QuickInputButtons: {},
  lm,
  env: { language: 'en', remoteName: undefined },
  l10n: { ...english, bundle: undefined },
  extensions: { getExtension: () => undefined },
  commands: {
    registerCommand: (id: string) => {
      commands.push(id);
      return nothing();
    },
    executeCommand: unanswered,
  },
  window: {
    createOutputChannel: () => ({
      info: log('info'),
      warn: log('warning'),
      error: log('error'),
      show: () => undefined,
      dispose: () => undefined,
    }),
    createStatusBarItem: () => ({ show: () => undefined, dispose: () => undefined }),
    registerTreeDataProvider: (id: string) => {
      views.push(id);
      return nothing();
    },
    registerWebviewPanelSerializer: nothing,
    showInformationMessage: unanswered,
    showWarningMessage: unanswered,
    showErrorMessage: unanswered,
  },
  workspace: {
    getConfiguration: () => ({ inspect }),
    onDidChangeConfiguration: nothing,
    onDidChangeWorkspaceFolders: nothing,
    workspaceFolders: undefined,
  },
};

const memory: Api = { get: () => undefined, update: () => Promise.resolve(), keys: () => [] };
const context: Api = {
  globalStorageUri: { fsPath: storage },
  extensionUri: { fsPath: dist },
  secrets: secretStorage,
  globalState: memory,
  subscriptions: [],
};

const owners = new Map<string, Api>([
  ['context', context],
  ['secrets', secretStorage],
  ['globalState', memory],
]);
for (const name of missing) {
  const [member = '', first] = name.replace('!', '').split('.').reverse();
  const owner = first === undefined ? vscode : (owners.get(first) ?? (vscode[first] as Api));
  owner[member] = name.endsWith('!') ? refuse : undefined;
}

// The extension is loaded by require(), as in VS Code.
const stub = { filename: 'vscode', exports: vscode };
const loader = Module as unknown as {
  _load: (request: string, ...more: unknown[]) => unknown;
};
const load = loader._load.bind(loader);
loader._load = (request, ...more) => (request === 'vscode' ? stub.exports : load(request, ...more));

const { activate, deactivate } = createRequire(import.meta.url)(path.join(dist, 'extension.cjs')) as {
  activate: (given: unknown) => Promise<CallguardApi>;
  deactivate: () => Promise<void>;
};
const api = await activate(context);
const chat = async (model: string) => {
  const answer = await api.chat({ model, messages: [{ role: 'user', content: 'Hello' }], caller: 'test' });
  return answer.ok ? 'answered' : `${answer.kind} ${answer.reason}: ${answer.message}`;
};
const outcome = {
  guarded: await chat('trial/echo'),
  editor: await chat('other/x/y'),
  providers: (await api.getStatus()).providers.map(({ name }) => name),
};
await deactivate();
console.log(JSON.stringify({ ...outcome, logged, models, views, commands: commands.length }));
