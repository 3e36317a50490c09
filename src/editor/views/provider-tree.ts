import * as vscode from 'vscode';
import { describeScope } from '../../guard/refusal.ts';
import {
  circuitWords,
  fullness,
  lacksKey,
  stateOf,
  type CapStatus,
  type ProviderStatus,
} from '../../observe/status.ts';
import type { BrokenProvider } from '../../providers/settings.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { describeKeyState, describeVaultRefusal } from '../../vault/refusal.ts';
import { keyActionOf } from '../key-actions.ts';
import type { Overview } from '../overview.ts';
import type { EditorSettings } from '../settings.ts';
import { callsToday, capLine, clockTime } from './format.ts';
import { DetailRow, KeyRow, ProviderRow } from './provider-row.ts';

type Row = ProviderRow | DetailRow;

/** The tree of providers: a row each, with circuit, key, use and caps below. */
export class ProviderTree implements vscode.TreeDataProvider<Row>, Disposable {
  readonly #overview: Overview;
  readonly #settings: EditorSettings;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #owned: vscode.Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(overview: Overview, settings: EditorSettings) {
    this.#overview = overview;
    this.#settings = settings;
    this.#owned = vscode.Disposable.from(
      vscode.window.registerTreeDataProvider('callguard.providers', this),
      overview.onDidChange(() => {
        this.#changed.fire(undefined);
      }),
      this.#changed,
    );
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return row;
  }

  getChildren(row?: Row): Row[] {
    const providers = this.#overview.seen.status?.providers ?? [];
    if (row === undefined) {
      return [...providers.map(providerRow), ...this.#settings.current.providers.broken.map(brokenRow)];
    }
    if (!(row instanceof ProviderRow)) return [];
    const provider = providers.find(({ config }) => config.id === row.provider);
    if (provider !== undefined) return details(provider);
    const broken = this.#settings.current.providers.broken.find(({ id }) => id === row.provider);
    return (broken?.problems ?? []).map(
      (problem, index) =>
        new DetailRow(`${row.provider}:problem:${index}`, problem, '', 'warning', errorColor),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

const errorColor = 'list.errorForeground';
const warningColor = 'list.warningForeground';
const okColor = 'testing.iconPassed';

function providerRow(provider: ProviderStatus): ProviderRow {
  const { config, today } = provider;
  const row = new ProviderRow(config.id, config.id);
  const look = lookOf(provider);
  row.description = [look.word, callsToday(today.requests), leftOf(provider.caps[0])]
    .filter((text) => text !== undefined)
    .join(' · ');
  row.iconPath = new vscode.ThemeIcon(
    look.icon,
    look.color === undefined ? undefined : new vscode.ThemeColor(look.color),
  );
  row.contextValue = 'provider';
  row.accessibilityInformation = { label: `${config.id}, ${row.description}` };
  return row;
}

interface Look {
  readonly icon: string;
  readonly color?: string;
  /** Only where something is not as it should be. */
  readonly word?: string;
}

function lookOf(provider: ProviderStatus): Look {
  if (!provider.config.enabled) return { icon: 'circle-slash', word: vscode.l10n.t('disabled') };
  const state = stateOf(provider);
  switch (state.kind) {
    case 'callable':
      return { icon: 'pass', color: okColor };
    case 'probing':
      return { icon: 'sync', color: warningColor, word: state.words };
    case 'blocked':
      return { icon: lacksKey(provider) ? 'key' : 'error', color: errorColor, word: state.words };
  }
}

function leftOf(tightest: CapStatus | undefined): string | undefined {
  if (tightest === undefined) return undefined;
  return vscode.l10n.t('{0} % of cap', Math.floor(fullness(tightest) * 100));
}

function details(provider: ProviderStatus): DetailRow[] {
  const { config, circuit, today, caps, lastFailure, lastFailureMs } = provider;
  const { id } = config;
  const until =
    circuit.kind === 'open' ? vscode.l10n.t(', tried again from {0}', clockTime(circuit.untilMs)) : '';
  const failures =
    circuit.kind === 'closed' && circuit.failures > 0
      ? vscode.l10n.t(', {0} failures in a row', circuit.failures)
      : '';
  const closed = circuit.kind === 'closed';
  const rows = [
    new DetailRow(
      `${id}:circuit`,
      vscode.l10n.t('Circuit'),
      circuitWords[circuit.kind] + until + failures,
      closed ? 'pass' : 'error',
      closed ? okColor : errorColor,
    ),
    keyRow(provider),
    new DetailRow(
      `${id}:today`,
      vscode.l10n.t('Use'),
      vscode.l10n.t(
        '{0}, {1} tokens in, {2} out',
        callsToday(today.requests),
        today.inputTokens.toLocaleString(),
        today.outputTokens.toLocaleString(),
      ),
      'graph',
    ),
    ...caps.map(
      (cap, index) =>
        new DetailRow(
          `${id}:cap:${index}`,
          cap.cap.scope.tenant === undefined && cap.cap.scope.model === undefined
            ? vscode.l10n.t('Cap')
            : vscode.l10n.t('Cap of {0}', describeScope(cap.cap.scope)),
          capLine(cap),
          'dashboard',
          fullness(cap) >= 0.8 ? warningColor : undefined,
        ),
    ),
    ...[...provider.rests].map(
      ([model, untilMs]) =>
        new DetailRow(
          `${id}:rest:${model}`,
          model,
          vscode.l10n.t('rests until {0}', clockTime(untilMs)),
          'watch',
          warningColor,
        ),
    ),
  ];
  if (lastFailure !== undefined && lastFailureMs !== undefined) {
    rows.push(
      new DetailRow(
        `${id}:failure`,
        vscode.l10n.t('Last failure'),
        `${clockTime(lastFailureMs)} ${lastFailure}`,
        'warning',
        warningColor,
      ),
    );
  }
  return rows;
}

function keyRow(provider: ProviderStatus): DetailRow {
  const { key } = provider;
  const { id } = provider.config;
  const label = vscode.l10n.t('Key');
  const words = keyWords(provider);
  if (key === undefined) return new DetailRow(`${id}:key`, label, words, 'key');
  const row = new KeyRow(id, label, words, keyActionOf(key).command);
  if (key.kind !== 'set') row.tooltip = describeVaultRefusal(key).message;
  return row;
}

function keyWords(provider: ProviderStatus): string {
  const { key } = provider;
  if (key === undefined) return vscode.l10n.t('none needed');
  if (key.kind === 'notSet' && provider.config.keyNeed === 'optional')
    return vscode.l10n.t('not set, none needed');
  if (key.kind === 'set')
    return provider.keyRejected
      ? vscode.l10n.t('{0}, rejected by the provider', key.redactedKey)
      : key.redactedKey;
  return describeKeyState(key);
}

function brokenRow(broken: BrokenProvider): ProviderRow {
  const row = new ProviderRow(broken.id, broken.id);
  row.description = vscode.l10n.t('broken settings');
  row.tooltip = broken.problems.join('\n');
  row.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor(errorColor));
  row.contextValue = 'brokenProvider';
  return row;
}
