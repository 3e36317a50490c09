import * as vscode from 'vscode';
import type { Target } from '../guard/call.ts';
import {
  parseLimitRules,
  parseTarget,
  parseWorkspaceLimits,
  type GuardSettings,
} from '../providers/rulebook.ts';
import { parseProviders, type ProviderEntry } from '../providers/settings.ts';
import type { Disposable } from '../shared/disposable.ts';
import { Emitter, type Event } from '../shared/emitter.ts';

const section = 'callguard';

export interface Settings extends GuardSettings {
  /** Whom Ask asks; undefined when it is not set or not of the form 'provider/model'. */
  readonly defaultModel: Target | undefined;
  /** The IANA zone whose days are counted; undefined for the system's. */
  readonly timeZone: string | undefined;
  /** A production set-up: no call without LLM_SECRET_KEY. */
  readonly requireEnvironmentKey: boolean;
  /** What could not be read, each with its place and what is wrong. */
  readonly problems: readonly string[];
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
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(section)) return;
      this.#current = readSettings();
      this.#changed.fire(undefined);
    });
  }

  get onDidChange(): Event<undefined> {
    return this.#changed.event;
  }

  get current(): Settings {
    return this.#current;
  }

  /** The entries as the user wrote them, broken ones included. */
  entries(): Record<string, unknown> {
    const written = userValue('providers');
    return typeof written === 'object' && written !== null ? { ...written } : {};
  }

  async putProvider(id: string, entry: ProviderEntry): Promise<void> {
    await writeUser('providers', { ...this.entries(), [id]: entry });
  }

  async removeProvider(id: string): Promise<void> {
    const { [id]: removed, ...others } = this.entries();
    if (removed !== undefined) await writeUser('providers', others);
  }

  async setDefaultModel(target: Target | undefined): Promise<void> {
    await writeUser('defaultModel', target === undefined ? undefined : `${target.provider}/${target.model}`);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

function userValue(name: string): unknown {
  return vscode.workspace.getConfiguration(section).inspect(name)?.globalValue;
}

async function writeUser(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Global);
}

function readSettings(): Settings {
  const providers = parseProviders(userValue('providers'));
  const rules = parseLimitRules(userValue('limits'));
  const workspace = vscode.workspace.getConfiguration('callguard.workspace');
  const limits = parseWorkspaceLimits(workspace.get('limits'));
  const models: unknown = workspace.get('models');
  const problems = [
    ...providers.broken.flatMap((entry) => entry.problems),
    ...rules.problems,
    ...limits.problems,
  ];
  const written = userValue('defaultModel');
  const defaultModel = typeof written === 'string' && written !== '' ? parseTarget(written) : undefined;
  if (typeof written === 'string' && written !== '' && defaultModel === undefined) {
    problems.push(`callguard.defaultModel: expected 'provider/model', got '${written}'`);
  }
  const zone = userValue('timeZone');
  return {
    providers,
    limits: rules.rules,
    workspaceModels: isStrings(models) && models.length > 0 ? models : undefined,
    workspaceLimits: limits.limits,
    defaultModel,
    timeZone: typeof zone === 'string' && zone !== '' ? zone : undefined,
    requireEnvironmentKey: userValue('vault.requireEnvironmentKey') === true,
    problems,
  };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
