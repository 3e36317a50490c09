import * as vscode from 'vscode';
import { resolveModel, type ResolvedModel } from '../providers/rules/routes.ts';
import type { ProviderEntry } from '../providers/config/provider-config.ts';
import { parseSettings, type Settings, type SettingsSource } from '../settings/settings.ts';
import type { Disposable } from '../shared/disposable.ts';
import { Emitter, type Event } from '../shared/emitter.ts';

const section = 'callguard';

/**
 * The settings under `callguard`. Those of application scope are read from the user's own settings only, so that
 * nothing a workspace brings along can reach them, whatever VS Code does with it.
 */
export class EditorSettings implements SettingsSource, Disposable {
  readonly #changed = new Emitter<undefined>();
  readonly #subscription: Disposable;
  #current: Settings;

  constructor() {
    this.#current = readSettings();
    const read = () => {
      this.#current = readSettings();
      this.#changed.fire(undefined);
    };
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) read();
      }),
      // Of a folder's settings VS Code tells before it tells of the folder, and of one without settings not at all.
      vscode.workspace.onDidChangeWorkspaceFolders(read),
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

  /** The targets that a model's or a route's name stands for. */
  resolve(name: string): ResolvedModel | undefined {
    return resolveModel(name, this.#current.routes);
  }

  async setDefaultModel(name: string | undefined): Promise<void> {
    await writeUser('defaultModel', name);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/**
 * The whole section, layer by layer. VS Code takes half a millisecond for a look, be it at one setting or at all of
 * them, and activation has 25.
 */
function inspectAll(scope?: vscode.WorkspaceFolder) {
  return vscode.workspace.getConfiguration(undefined, scope).inspect(section);
}

/** One setting of a layer, which has them nested at the dots of their names. */
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
  const scopes = [ofUser, ...folders.map((folder) => inspectAll(folder))];
  /**
   * Every value of a setting that workspaces may have, from the user's own to each folder's. Each can only take away,
   * so all of them hold together, whichever VS Code would let win.
   */
  const layers = (name: string) =>
    scopes
      .flatMap((found) => [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue])
      .map((layer) => valueIn(layer, name))
      .filter((value) => value !== undefined);
  return parseSettings({
    user: (name) => valueIn(ofUser?.globalValue, name),
    layers,
    folders: folders.map(({ uri }) => uri.path),
  });
}

/**
 * VS Code's `http.proxyStrictSSL`: with false any certificate is accepted, as in VS Code's own requests. VS Code does
 * not apply it in the extension host. Reads the user's own settings only: a workspace must not weaken what protects a
 * key.
 */
export function strictTls(): boolean {
  return vscode.workspace.getConfiguration('http').inspect('proxyStrictSSL')?.globalValue !== false;
}
