import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { buildHost } from '../../../esbuild.host.mjs';

const program = path.join(import.meta.dirname, '../../support/fork-host.ts');

interface Activated {
  readonly guarded: string;
  readonly editor: string;
  readonly providers: readonly string[];
  readonly logged: readonly string[];
  readonly models: readonly string[];
  readonly views: readonly string[];
  readonly commands: number;
}

describe('the built extension', () => {
  let folder: string;
  let dist: string;
  let starts = 0;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'callguard-fork-'));
    dist = path.join(folder, 'dist');
    for (const [file, { text }] of await buildHost({ production: true, outdir: dist })) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  });
  after(() => rm(folder, { recursive: true, maxRetries: 5 }));

  async function activateWithout(...missing: string[]): Promise<Activated> {
    starts += 1;
    const storage = path.join(folder, `storage-${starts}`);
    const { stdout } = await promisify(execFile)(process.execPath, [program, dist, storage, ...missing]);
    return JSON.parse(stdout) as Activated;
  }

  /** What the log says apart from what it always says. */
  const warnings = ({ logged }: Activated) => logged.filter((line) => !line.startsWith('info'));

  it('activates in an editor with the complete API, and offers its models', async () => {
    const activated = await activateWithout();
    assert.deepEqual([activated.guarded, activated.providers], ['answered', ['trial', 'other']]);
    assert.deepEqual([activated.models, activated.views], [['callguard'], ['callguard.providers']]);
    assert.match(activated.editor, /^failed unsendable: .*VS Code has no model 'x\/y'/);
    assert.ok(activated.commands > 20);
    assert.deepEqual(warnings(activated), []);
  });

  const noEditorModels =
    /^failed unsendable: .*only available in an editor with VS Code's language model API/;
  for (const [missing, named] of [
    ['lm', 'vscode.lm.registerLanguageModelChatProvider'],
    ['lm.registerLanguageModelChatProvider', 'vscode.lm.registerLanguageModelChatProvider'],
    ['LanguageModelDataPart', 'vscode.LanguageModelDataPart'],
    ['LanguageModelError', 'vscode.LanguageModelError'],
    ['LanguageModelToolResultPart', 'vscode.LanguageModelToolResultPart'],
  ] as const) {
    it(`activates without vscode.${missing}, offers no models, and says so in one line of the log`, async () => {
      const activated = await activateWithout(missing);
      assert.deepEqual([activated.guarded, activated.providers], ['answered', ['trial', 'other']]);
      assert.deepEqual([activated.models, activated.views], [[], ['callguard.providers']]);
      assert.ok(activated.commands > 20);
      if (missing !== 'lm.registerLanguageModelChatProvider') assert.match(activated.editor, noEditorModels);
      assert.deepEqual(warnings(activated), [
        `warning: This editor has no ${named}, so Callguard offers no models to other extensions. Everything else works.`,
      ]);
    });
  }

  it('activates where the editor refuses its models, and says so in one entry of the log', async () => {
    const activated = await activateWithout('lm.registerLanguageModelChatProvider!');
    assert.deepEqual([activated.guarded, activated.models], ['answered', []]);
    const [warning = '', ...others] = warnings(activated);
    assert.match(
      warning,
      /^error: This editor refused the registration, so Callguard offers no models .*\n.*chatProvider/,
    );
    assert.deepEqual(others, []);
  });

  it('offers its models where it cannot ask for those of other extensions', async () => {
    const activated = await activateWithout('lm.selectChatModels');
    assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
    assert.match(activated.editor, noEditorModels);
    assert.deepEqual(warnings(activated), []);
  });

  it('activates without what only models of other vendors need, and offers its own', async () => {
    const activated = await activateWithout('CancellationTokenSource');
    assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
    assert.match(activated.editor, noEditorModels);
    assert.deepEqual(warnings(activated), []);
  });

  const statusBar = 'support the status bar item';
  const tree = 'support the tree of providers';
  for (const [missing, ...parts] of [
    ['window.createStatusBarItem', statusBar],
    ['StatusBarAlignment', statusBar],
    ['window.registerTreeDataProvider', tree],
    ['TreeItem', tree],
    ['TreeItemCollapsibleState', tree],
    ['ThemeIcon', tree],
    ['ThemeColor', statusBar, tree],
    ['MarkdownString', statusBar, tree],
    ['window.registerWebviewPanelSerializer', 'support bringing the usage panel back after a restart'],
    ['workspace.onDidChangeConfiguration', 'report changed settings, so they apply after a restart'],
    ['workspace.onDidChangeWorkspaceFolders', 'report changed folders, so they apply after a restart'],
    ['commands.executeCommand', 'support the progress of the walkthrough'],
  ] as const) {
    it(`activates without vscode.${missing}, and names in the log what is missing`, async () => {
      const activated = await activateWithout(missing);
      assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
      assert.equal(activated.views.length, (parts as readonly string[]).includes(tree) ? 0 : 1);
      assert.ok(activated.commands > 20);
      assert.deepEqual(
        warnings(activated),
        parts.map((part) => `warning: This editor does not ${part}: vscode.${missing}`),
      );
    });
  }

  for (const [refused, part] of [
    ['window.createStatusBarItem!', statusBar],
    ['window.registerTreeDataProvider!', tree],
    ['window.registerWebviewPanelSerializer!', 'support bringing the usage panel back after a restart'],
    ['workspace.onDidChangeWorkspaceFolders!', 'report changed folders, so they apply after a restart'],
  ] as const) {
    it(`activates where the editor refuses ${refused.replace('!', '')}, and says so in one line of the log`, async () => {
      const activated = await activateWithout(refused);
      assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
      const [warning = '', ...others] = warnings(activated);
      assert.ok(warning.startsWith(`warning: This editor does not ${part}: Error: `), warning);
      assert.match(warning, /chatProvider/);
      assert.deepEqual(others, []);
    });
  }

  for (const missing of [
    'CancellationError',
    'ConfigurationTarget',
    'Disposable',
    'Position',
    'QuickInputButtons',
    'Range',
    'WorkspaceEdit',
    'context.extensionUri',
    'env.language',
    'extensions',
    'globalState.update',
    'secrets.delete',
    'window.showErrorMessage',
    'window.showInformationMessage',
    'window.showWarningMessage',
  ]) {
    it(`activates without ${missing}, which only commands need`, async () => {
      const activated = await activateWithout(missing);
      assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
      assert.deepEqual([activated.views, warnings(activated)], [['callguard.providers'], []]);
    });
  }

  for (const [missing, named] of [
    ['EventEmitter', 'vscode.EventEmitter'],
    ['commands.registerCommand', 'vscode.commands.registerCommand'],
    ['context.globalStorageUri', 'ExtensionContext.globalStorageUri'],
    ['context.secrets', 'ExtensionContext.secrets'],
    ['env', 'vscode.env'],
    ['l10n', 'vscode.l10n.t'],
    ['window', 'vscode.window.createOutputChannel'],
    ['window.createOutputChannel', 'vscode.window.createOutputChannel'],
    ['workspace', 'vscode.workspace.getConfiguration'],
    ['workspace.getConfiguration', 'vscode.workspace.getConfiguration'],
  ] as const) {
    it(`says in the error that it needs ${named}, without ${missing}`, async () => {
      await assert.rejects(activateWithout(missing), ({ stderr }: { stderr: string }) => {
        assert.match(stderr, new RegExp(`Callguard needs ${named}, which this editor does not have`));
        return true;
      });
    });
  }

  for (const missing of ['secrets.onDidChange', 'secrets.onDidChange!']) {
    it(`activates where changes of secrets are not reported (${missing}), and says so in one line`, async () => {
      const activated = await activateWithout(missing);
      assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
      assert.deepEqual(warnings(activated), [
        'warning: This editor does not report changes of stored secrets, so Callguard sees a key of another window when it is used.',
      ]);
    });
  }

  for (const missing of ['secrets.keys', 'secrets.keys!']) {
    it(`activates where secrets cannot be listed (${missing}), and says so in one line of the log`, async () => {
      const activated = await activateWithout(missing);
      assert.deepEqual([activated.guarded, activated.models], ['answered', ['callguard']]);
      assert.deepEqual(warnings(activated), [
        'warning: This editor cannot list stored secrets, so Callguard uses its own list of the stored keys.',
      ]);
    });
  }
});
