import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { parseGatewayPort } from '../gateway/port-setting.ts';
import { parseLedgerSettings, parseTimeZone, type LedgerSettings } from '../ledger/ledger-settings.ts';
import { parseStatusItems, type StatusItem } from '../observe/status-line.ts';
import { parseTextfilePath } from '../observe/textfile-path.ts';
import { deniedModels, deniedTargets } from '../providers/rules/policy-problems.ts';
import { parsePromptSecrets, type PromptSecretMode } from '../providers/prompt-check/prompt-check.ts';
import {
  parseDefaultModel,
  parseRoutes,
  resolveModel,
  type ResolvedModel,
  type Routes,
} from '../providers/rules/routes.ts';
import {
  parseLimitRules,
  parseWorkspaceLimits,
  parseWorkspaceModels,
  type GuardSettings,
} from '../providers/rules/rulebook.ts';
import { parseTenants, tenantOf } from '../providers/rules/tenants.ts';
import { parseProviders, type ProviderEntry } from '../providers/config/provider-config.ts';
import type { Disposable } from '../shared/disposable.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import { english, type Wording } from '../shared/l10n.ts';
import { parseRequiredKey } from '../vault/key-ring.ts';

const section = 'callguard';

export interface Settings extends GuardSettings {
  /** Whom Ask asks, by name; undefined when it is not set or cannot be read. */
  readonly defaultModel: string | undefined;
  readonly routes: Routes;
  /** On whose account this window's calls are counted. */
  readonly tenant: string;
  /** The tenants that there are rules for. */
  readonly tenants: readonly string[];
  /** The IANA zone whose days are counted; undefined for the system's. */
  readonly timeZone: string | undefined;
  /** Of the ledger that is opened next, with the window. */
  readonly ledger: LedgerSettings;
  /** A production set-up: no call without LLM_SECRET_KEY. */
  readonly requireEnvironmentKey: boolean;
  /** What happens to a prompt that contains a secret. */
  readonly promptSecrets: PromptSecretMode;
  /** What the status bar shows. */
  readonly statusItems: readonly StatusItem[];
  /** Where the metrics are kept for node_exporter; undefined for nowhere. */
  readonly metricsTextfile: string | undefined;
  readonly gatewayPort: number;
  /** What could not be read, each with its place and what is wrong, as logs and programs are told. */
  readonly problems: readonly string[];
  /** Those of them that no row of a provider tells of. */
  readonly problemsElsewhere: readonly Wording[];
}

/**
 * The settings under `callguard`. Those of application scope are read from the user's own settings only, so that
 * nothing a workspace brings along can reach them, whatever VS Code does with it.
 */
export class EditorSettings implements Disposable {
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

  /** For calls that belong to no workspace: whose is open in this window is nothing to them. */
  get outside(): Settings {
    return { ...this.#current, workspaceModels: [], workspaceLimits: {} };
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
  const userValue = (name: string) => valueIn(ofUser?.globalValue, name);
  const scopes = [ofUser, ...(vscode.workspace.workspaceFolders ?? []).map((folder) => inspectAll(folder))];
  /**
   * Every value of a setting that workspaces may have, from the user's own to each folder's. Each can only take away,
   * so all of them hold together, whichever VS Code would let win.
   */
  const layers = (name: string) =>
    scopes
      .flatMap((found) => [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue])
      .map((layer) => valueIn(layer, name))
      .filter((value) => value !== undefined);
  const providers = parseProviders(userValue('providers'));
  const rules = parseLimitRules(userValue('limits'));
  const models = parseWorkspaceModels(layers('workspace.models'));
  const limits = parseWorkspaceLimits(layers('workspace.limits'));
  const routes = parseRoutes(userValue('routes'));
  const tenants = parseTenants(userValue('tenants'), homedir());
  const statusBar = parseStatusItems(userValue('statusBar'));
  const textfile = parseTextfilePath(userValue('metrics.textfile'), homedir());
  const ledger = parseLedgerSettings(userValue('ledger'));
  const gatewayPort = parseGatewayPort(userValue('gateway.port'));
  const timeZone = parseTimeZone(userValue('timeZone'));
  const requiredKey = parseRequiredKey(userValue('vault.requireEnvironmentKey'));
  const defaultModel = parseDefaultModel(userValue('defaultModel'), routes.routes);
  const promptSecrets = parsePromptSecrets(userValue('promptSecrets'));
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.path);
  const problemsElsewhere = [
    ...[...providers.usable.values()].flatMap(deniedModels),
    ...deniedTargets(routes.routes, providers.usable),
    ...[rules, models, limits, routes, tenants, timeZone, ledger, requiredKey].flatMap(problemsOf),
    ...[statusBar, textfile, gatewayPort, defaultModel, promptSecrets].flatMap(problemsOf),
  ];
  return {
    providers,
    limits: rules.rules,
    workspaceModels: models.lists,
    workspaceLimits: limits.limits,
    defaultModel: defaultModel.name,
    routes: routes.routes,
    tenant: tenantOf(folders, tenants.tenants),
    tenants: tenants.tenants.map(({ tenant }) => tenant),
    timeZone: timeZone.zone,
    ledger: ledger.settings,
    requireEnvironmentKey: requiredKey.required,
    promptSecrets: promptSecrets.mode,
    statusItems: statusBar.items,
    metricsTextfile: textfile.file,
    gatewayPort: gatewayPort.port,
    problems: [...providers.broken.flatMap(problemsOf), ...problemsElsewhere].map((problem) =>
      problem(english),
    ),
    problemsElsewhere,
  };
}

function problemsOf({ problems }: { readonly problems: readonly Wording[] }): readonly Wording[] {
  return problems;
}

/**
 * VS Code's `http.proxyStrictSSL`: with false any certificate is accepted, as in VS Code's own requests. VS Code does
 * not apply it in the extension host. Reads the user's own settings only: a workspace must not weaken what protects a
 * key.
 */
export function strictTls(): boolean {
  return vscode.workspace.getConfiguration('http').inspect('proxyStrictSSL')?.globalValue !== false;
}
