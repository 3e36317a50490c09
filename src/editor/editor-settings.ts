import { statSync } from 'node:fs';
import * as vscode from 'vscode';
import { resolveModel, type ResolvedModel } from '../providers/rules/routes.ts';
import type { OpenFolders } from '../providers/rules/tenants.ts';
import type { ProviderEntry } from '../providers/config/provider-entry.ts';
import { parseSettings, type Settings, type SettingsSource } from '../settings/settings.ts';
import { settingsLimits } from '../shared/limits/settings-limits.ts';
import type { LogSink } from '../redaction/redacted-log.ts';
import { DisposableStore, type Disposable } from '../shared/disposable.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import { registerPart } from './editor-api.ts';

const section = 'callguard';

/**
 * The settings under `callguard`. Settings of application scope are read from the user's own settings only, so that a
 * workspace can never change them.
 */
export class EditorSettings implements SettingsSource, Disposable {
  readonly #changed = new Emitter<undefined>();
  readonly #owned = new DisposableStore();
  #current: Settings;

  constructor(log: Pick<LogSink, 'warn'>) {
    this.#current = readSettings();
    const read = () => {
      this.#current = readSettings();
      this.#changed.fire(undefined);
    };
    this.#owned.add(
      registerPart(
        ['workspace.onDidChangeConfiguration'],
        () =>
          vscode.workspace.onDidChangeConfiguration((event) => {
            if (event.affectsConfiguration(section)) read();
          }),
        (why) => {
          log.warn(`This editor does not report changed settings, so they apply after a restart: ${why}`);
        },
      ),
    );
    // VS Code reports the settings of a new folder before the folder, and does not report a folder without settings.
    this.#owned.add(
      registerPart(
        ['workspace.onDidChangeWorkspaceFolders'],
        () => vscode.workspace.onDidChangeWorkspaceFolders(read),
        (why) => {
          log.warn(`This editor does not report changed folders, so they apply after a restart: ${why}`);
        },
      ),
    );
  }

  get onDidChange(): Event<undefined> {
    return this.#changed.event;
  }

  get current(): Settings {
    return this.#current;
  }

  /** The entries as the user wrote them, broken ones included. */
  entries(): Record<string, unknown> {
    const written = valueIn(inspectAll()?.globalValue, 'providers');
    return typeof written === 'object' && written !== null ? { ...written } : {};
  }

  async putProvider(id: string, entry: ProviderEntry): Promise<void> {
    await writeUser('providers', { ...this.entries(), [id]: entry });
  }

  async removeProvider(id: string): Promise<void> {
    const { [id]: removed, ...others } = this.entries();
    if (removed !== undefined) await writeUser('providers', others);
  }

  /** The targets behind the name of a model or route. */
  resolve(name: string): ResolvedModel | undefined {
    return resolveModel(name, this.#current.routes);
  }

  async setDefaultModel(name: string | undefined): Promise<void> {
    await writeUser('defaultModel', name);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/**
 * The whole section, layer by layer. Each look-up takes VS Code half a millisecond, for one setting or for all, and
 * activation has 25.
 */
function inspectAll(scope?: vscode.WorkspaceFolder) {
  return vscode.workspace.getConfiguration(undefined, scope).inspect(section);
}

/** One setting of a layer. A layer is nested at the dots in the names of its settings. */
function valueIn(layer: unknown, name: string): unknown {
  return name.split('.').reduce((value, part) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
    return isThere ? (value as Readonly<Record<string, unknown>>)[part] : undefined;
  }, layer);
}

async function writeUser(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Global);
}

function readSettings(): Settings {
  const ofUser = inspectAll();
  const folders = vscode.workspace.workspaceFolders ?? [];
  const read = folders.slice(0, settingsLimits.workspaceFolders);
  const scopes = [ofUser, ...read.map((folder) => inspectAll(folder))];
  /**
   * Every value of a setting that a workspace may set, from the user's own to each folder's. Each value can only
   * restrict, so all of them apply together.
   */
  const layers = (name: string) =>
    scopes
      .flatMap((found) => [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue])
      .map((layer) => valueIn(layer, name))
      .filter((value) => value !== undefined)
      // A folder whose settings are not read may restrict models, so none is allowed.
      .concat(read.length < folders.length ? [tooManyFolders] : []);
  return parseSettings({
    user: (name) => valueIn(ofUser?.globalValue, name),
    layers,
    folders: openFolders(folders[0]?.uri),
  });
}

/** Stands for settings that are not read. No setting can have it as its value. */
const tooManyFolders = Symbol();

function openFolders(first: vscode.Uri | undefined): OpenFolders {
  const file = vscode.workspace.workspaceFile;
  return {
    first,
    // An untitled workspace is VS Code's own: the user added its folders.
    workspaceFile: file?.scheme === 'untitled' ? undefined : file,
    // A server may take long to answer, and must not block the window.
    isFirstThere: () => first?.scheme === 'file' && first.authority === '' && isFolder(first.fsPath),
  };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Missing, or closed to this user.
    return false;
  }
}

/**
 * VS Code's `http.proxyStrictSSL`: false accepts any certificate, as in VS Code's own requests. VS Code does not
 * apply it in the extension host. Only the user's own settings are read, so that a workspace cannot weaken what
 * protects a key.
 */
export function strictTls(): boolean {
  return vscode.workspace.getConfiguration('http').inspect('proxyStrictSSL')?.globalValue !== false;
}
