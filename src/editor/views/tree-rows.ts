import * as vscode from 'vscode';
import { describeScope } from '../../guard/refusal.ts';
import { circuitWords, lacksKey, stateOf, type ProviderStatus } from '../../observe/status.ts';
import { knownCost } from '../../observe/status-line.ts';
import type { BrokenProvider } from '../../providers/config/provider-config.ts';
import type { Settings } from '../../settings/settings.ts';
import { shownText } from '../../shared/escape.ts';
import type { Wording } from '../../shared/l10n.ts';
import { keyActionOf } from '../keys/key-actions.ts';
import type { Seen } from '../overview.ts';
import { dateAndTime, display } from '../ui/display.ts';
import { activityRows, factTable } from './activity-rows.ts';
import { callsToday, capLine, capShare, isNearlyFull } from './format.ts';
import { gatewayRows } from './gateway-rows.ts';
import { details, keyWords } from './provider-details.ts';
import { DetailRow, errorColor, GroupRow, okColor, ProviderRow, warningColor } from './provider-row.ts';

export type TreeRow = ProviderRow | DetailRow | GroupRow;

type TreeSettings = Pick<Settings, 'providers' | 'problemsElsewhere' | 'routes'>;

export function topRows({ status, activity, gateway, problem }: Seen, settings: TreeSettings): TreeRow[] {
  const { providers: entries, problemsElsewhere, routes } = settings;
  const providers = status?.providers ?? [];
  const outside = gateway === undefined ? [] : gatewayRows(gateway);
  const usable =
    status === undefined ? [...entries.usable.keys()].map(unreadRow) : providers.map(providerRow);
  const rows: TreeRow[] = [...usable, ...entries.broken.map(brokenRow), ...outside];
  // While it is empty, VS Code shows the welcome view.
  if (rows.length === 0) return rows;
  if (status === undefined && problem !== undefined) rows.unshift(ledgerRow(problem(vscode.l10n)));
  const groups = activity === undefined ? [] : activityRows({ routes, providers, activity });
  return [...rows, ...problemRows(problemsElsewhere), ...groups];
}

export function childrenOf(row: TreeRow, { status }: Seen, settings: TreeSettings): TreeRow[] {
  if (row instanceof GroupRow) return [...row.rows()];
  if (!(row instanceof ProviderRow)) return [];
  const provider = status?.providers.find(({ config }) => config.id === row.provider);
  if (provider !== undefined) return details(provider);
  const broken = settings.providers.broken.find(({ id }) => id === row.provider);
  return (broken?.problems ?? []).map(
    (problem, index) =>
      new DetailRow(`${row.provider}:problem:${index}`, problem(vscode.l10n), '', 'warning', errorColor),
  );
}

function providerRow(provider: ProviderStatus): ProviderRow {
  const { config, today } = provider;
  const row = new ProviderRow(config.id, config.id);
  const look = lookOf(provider);
  row.description = [look.word, callsToday(today.requests), capShare(provider.caps[0])]
    .filter((text) => text !== undefined)
    .join(' · ');
  row.iconPath = new vscode.ThemeIcon(
    look.icon,
    look.color === undefined ? undefined : new vscode.ThemeColor(look.color),
  );
  row.contextValue = contextOf(provider);
  row.tooltip = tooltipOf(provider, row.description);
  row.accessibilityInformation = { label: `${config.id}, ${row.description}` };
  return row;
}

/** A provider as the settings have it, while the ledger is not open. */
function unreadRow(id: string): ProviderRow {
  const row = new ProviderRow(id, id);
  row.collapsibleState = vscode.TreeItemCollapsibleState.None;
  row.iconPath = new vscode.ThemeIcon('circle-outline');
  return row;
}

function ledgerRow(problem: string): DetailRow {
  return new DetailRow('ledger', problem, '', 'error', errorColor);
}

/** The states by which package.json decides which actions to show. */
function contextOf({ config, paused, circuit, outOfCredit, key }: ProviderStatus): string {
  const stopped = circuit.kind !== 'closed' || outOfCredit;
  const hasMoved = key !== undefined && keyActionOf(key).command === 'callguard.confirmOrigin';
  return [
    ...['provider', paused ? 'paused' : 'running'],
    ...(stopped ? ['stopped'] : []),
    ...(config.origin === undefined ? [] : ['keyed']),
    ...(hasMoved ? ['moved'] : []),
  ].join(' ');
}

function tooltipOf(provider: ProviderStatus, description: string): vscode.MarkdownString {
  const { config, circuit, caps, today, lastOkMs, lastFailure } = provider;
  return factTable(config.id, [
    [vscode.l10n.t('State'), description],
    [vscode.l10n.t('Address'), config.baseUrl],
    [vscode.l10n.t('Circuit'), circuitWords(circuit.kind, vscode.l10n)],
    [vscode.l10n.t('Key'), keyWords(provider)],
    ...caps.map(
      (cap) =>
        [vscode.l10n.t('Cap of {0}', describeScope(cap.cap.scope, vscode.l10n)), capLine(cap)] as const,
    ),
    [vscode.l10n.t('Cost today'), knownCost(today, display) ?? vscode.l10n.t('unknown')],
    [vscode.l10n.t('Last success'), lastOkMs === undefined ? undefined : dateAndTime(lastOkMs)],
    [vscode.l10n.t('Last failure'), lastFailure],
  ]);
}

interface Look {
  readonly icon: string;
  readonly color?: string;
  /** Only if something needs attention. */
  readonly word?: string;
}

function lookOf(provider: ProviderStatus): Look {
  if (!provider.config.enabled) return { icon: 'circle-slash', word: vscode.l10n.t('disabled') };
  const state = stateOf(provider, vscode.l10n);
  // The user wanted this, so it is not an error.
  if (provider.paused) return { icon: 'debug-pause', color: warningColor, word: vscode.l10n.t('paused') };
  switch (state.kind) {
    case 'callable':
      return isNearlyFull(provider.caps[0])
        ? { icon: 'warning', color: warningColor }
        : { icon: 'pass', color: okColor };
    case 'probing':
      return { icon: 'sync', color: warningColor, word: state.words };
    case 'blocked':
      return { icon: lacksKey(provider) ? 'key' : 'error', color: errorColor, word: state.words };
  }
}

/** A row for other problems in the settings. A cap that cannot be read must be noticed before it is needed. */
function problemRows(problems: readonly Wording[]): GroupRow[] {
  if (problems.length === 0) return [];
  const rows = problems.map((problem, at) => {
    const text = problem(vscode.l10n);
    // The tree is narrow, and every setting begins like this.
    const row = new DetailRow(`setting:${at}`, text.replace(/^callguard\./, ''), '', 'warning', warningColor);
    row.tooltip = shownText(text);
    row.command = { command: 'workbench.action.openSettingsJson', title: vscode.l10n.t('Open Settings') };
    return row;
  });
  const found =
    problems.length === 1 ? vscode.l10n.t('1 problem') : vscode.l10n.t('{0} problems', problems.length);
  const group = new GroupRow('group:settings', vscode.l10n.t('Settings'), 'warning', found, () => rows);
  group.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor(warningColor));
  return [group];
}

function brokenRow(broken: BrokenProvider): ProviderRow {
  const row = new ProviderRow(broken.id, broken.id);
  row.description = vscode.l10n.t('invalid settings');
  row.tooltip = factTable(
    broken.id,
    broken.problems.map((problem) => [vscode.l10n.t('Problem'), problem(vscode.l10n)] as const),
  );
  row.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor(errorColor));
  row.contextValue = 'brokenProvider';
  return row;
}
