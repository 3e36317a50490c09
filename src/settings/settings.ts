import { homedir } from 'node:os';
import process from 'node:process';
import { parseBodySize } from '../gateway/http/body-size.ts';
import { parseCapStatus, type CapStatus } from '../gateway/refusals/cap-status.ts';
import { parseGatewayPort } from '../gateway/port-setting.ts';
import { parseLedgerFolder } from '../ledger/ledger-files.ts';
import { parseLedgerSettings, parseTimeZone, type LedgerSettings } from '../ledger/ledger-settings.ts';
import { parseStatusItems, type StatusItem } from '../observe/status-line.ts';
import { parseTextfilePath } from '../observe/metrics/textfile-path.ts';
import { deniedModels, deniedTargets } from '../providers/rules/policy-problems.ts';
import {
  parsePromptSecrets,
  type PromptSecretMode,
} from '../providers/prompt-check/prompt-secrets-setting.ts';
import { fixedTargets, type PatternRoute } from '../providers/rules/pattern-routes.ts';
import { parseDefaultModel, parseRoutes, type Routes } from '../providers/rules/routes.ts';
import {
  parseLimitRules,
  parseWorkspaceLimits,
  parseWorkspaceModels,
  type GuardSettings,
} from '../providers/rules/rulebook.ts';
import { parseTenants, tenantOf, type OpenFolders } from '../providers/rules/tenants.ts';
import { parseProviders } from '../providers/config/provider-config.ts';
import { parseOwnShapes } from '../redaction/own-shapes.ts';
import type { Shape } from '../redaction/shape.ts';
import type { Event } from '../shared/emitter.ts';
import { english, placed, type Wording } from '../shared/l10n.ts';
import { settingsLimits } from '../shared/limits/settings-limits.ts';
import { SizeBudget } from '../shared/size-budget.ts';
import { parseRequiredKey } from '../vault/key-ring.ts';

/** Everything that is set under `callguard`, parsed. */
export interface Settings extends GuardSettings {
  /** The model or route that Ask uses; undefined if it is not set or cannot be read. */
  readonly defaultModel: string | undefined;
  readonly routes: Routes;
  readonly patternRoutes: readonly PatternRoute[];
  /** The tenant that this window's calls count for. */
  readonly tenant: string;
  /** The tenants that have rules. */
  readonly tenants: readonly string[];
  /** The IANA zone of the ledger's days; undefined for the system's zone. */
  readonly timeZone: string | undefined;
  /** Applied when the ledger is opened, at the start of a window. */
  readonly ledger: LedgerSettings;
  /** Where the ledger is opened at the start of a window; undefined for the extension's storage. */
  readonly ledgerFolder: string | undefined;
  /** For production: refuse every call without LLM_SECRET_KEY. */
  readonly requireEnvironmentKey: boolean;
  /** What happens to a prompt that contains a secret. */
  readonly promptSecrets: PromptSecretMode;
  /** The user's own kinds of secrets. */
  readonly redactionShapes: readonly Shape[];
  /** What the status bar shows. */
  readonly statusItems: readonly StatusItem[];
  /** The metrics file for node_exporter; undefined for none. */
  readonly metricsTextfile: string | undefined;
  readonly gatewayPort: number;
  readonly capStatus: CapStatus;
  /** The largest body that the gateway accepts. */
  readonly maxBodyBytes: number;
  /** The problems of all settings, each with its place, in English for logs and programs. */
  readonly problems: readonly string[];
  /** The problems that no row of a provider shows. */
  readonly problemsElsewhere: readonly Wording[];
}

/** Where the settings come from: VS Code, or a file. */
export interface SettingsSource {
  readonly current: Settings;
  readonly onDidChange: Event<undefined>;
}

/** The values under `callguard`, by the names of the settings without this prefix. Undefined if not set. */
export interface RawSettings {
  /** From the user's own settings only. */
  readonly user: (name: string) => unknown;
  /** Every value of a setting that a workspace may have as well: the user's own, the workspace's, each folder's. */
  readonly layers: (name: string) => readonly unknown[];
  /** What is open, which chooses the tenant. */
  readonly folders: OpenFolders;
}

/** Settings that are not set, or cannot be read, have the defaults of package.json. */
export function parseSettings(raw: RawSettings): Settings {
  const tooLarge: Wording[] = [];
  const bounded = (name: string, value: unknown) => {
    const problem = new SizeBudget(settingsLimits).refuse(value);
    if (problem === undefined) return value;
    tooLarge.push(placed(`callguard.${name}`, problem));
    return unreadable;
  };
  const user = (name: string) => bounded(name, raw.user(name));
  const layers = (name: string) => raw.layers(name).map((value) => bounded(name, value));
  const providers = parseProviders(raw.user('providers'));
  const rules = parseLimitRules(user('limits'));
  const models = parseWorkspaceModels(layers('workspace.models'));
  const limits = parseWorkspaceLimits(layers('workspace.limits'));
  const routes = parseRoutes(user('routes'));
  const machine = { home: homedir(), platform: process.platform };
  const tenants = parseTenants(user('tenants'), machine);
  const tenant = tenantOf(raw.folders, tenants.tenants, machine);
  const statusBar = parseStatusItems(user('statusBar'));
  const textfile = parseTextfilePath(user('metrics.textfile'), homedir());
  const ledger = parseLedgerSettings(user('ledger'));
  const ledgerFolder = parseLedgerFolder(user('ledgerFolder'), homedir());
  const capStatus = parseCapStatus(user('gateway.capStatus'));
  const bodySize = parseBodySize(user('gateway.maxBodyMiB'));
  const gatewayPort = parseGatewayPort(user('gateway.port'));
  const timeZone = parseTimeZone(user('timeZone'));
  const requiredKey = parseRequiredKey(user('vault.requireEnvironmentKey'));
  const defaultModel = parseDefaultModel(user('defaultModel'), routes.routes);
  const promptSecrets = parsePromptSecrets(user('promptSecrets'));
  const ownShapes = parseOwnShapes(user('redaction.shapes'));
  const problemsElsewhere = shortened([
    ...tooLarge,
    ...[...providers.usable.values()].flatMap(({ warnings }) => warnings),
    ...[...providers.usable.values()].flatMap(deniedModels),
    ...deniedTargets([...routes.routes, ...fixedTargets(routes.patterns)], providers.usable),
    ...[rules, models, limits, routes, tenants, tenant, timeZone, ledger, ledgerFolder].flatMap(problemsOf),
    ...[requiredKey, statusBar, textfile, gatewayPort, capStatus, bodySize, defaultModel].flatMap(problemsOf),
    ...[promptSecrets, ownShapes].flatMap(problemsOf),
  ]);
  const broken = providers.broken.map(({ id, problems }) => ({ id, problems: shortened(problems) }));
  return {
    providers: { ...providers, broken },
    limits: rules.rules,
    workspaceModels: models.lists,
    workspaceLimits: limits.limits,
    defaultModel: defaultModel.name,
    routes: routes.routes,
    patternRoutes: routes.patterns,
    tenant: tenant.tenant,
    tenants: tenants.tenants.map((rule) => rule.tenant),
    timeZone: timeZone.zone,
    ledger: ledger.settings,
    ledgerFolder: ledgerFolder.folder,
    requireEnvironmentKey: requiredKey.required,
    // Without one of the shapes, a secret could be sent.
    promptSecrets: ownShapes.problems.length > 0 ? 'block' : promptSecrets.mode,
    redactionShapes: ownShapes.shapes,
    statusItems: statusBar.items,
    metricsTextfile: textfile.file,
    gatewayPort: gatewayPort.port,
    capStatus: capStatus.status,
    maxBodyBytes: bodySize.bytes,
    problems: [...broken.flatMap(problemsOf), ...problemsElsewhere].map((problem) => problem(english)),
    problemsElsewhere,
  };
}

/** No parser takes a symbol, so each one does what it does with a setting that cannot be read. */
const unreadable = Symbol();

/** A list that a user can read, of texts that a user can read. */
function shortened(problems: readonly Wording[]): Wording[] {
  const { problems: most, problemChars } = settingsLimits;
  const shown = problems.slice(0, most).map((problem): Wording => (l10n) => {
    const text = problem(l10n);
    return text.length <= problemChars ? text : `${text.slice(0, problemChars)}…`;
  });
  const more = problems.length - shown.length;
  return more === 0 ? shown : [...shown, (l10n) => l10n.t('{0} more problems', more)];
}

function problemsOf({ problems }: { readonly problems: readonly Wording[] }): readonly Wording[] {
  return problems;
}
