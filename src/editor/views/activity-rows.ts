import * as vscode from 'vscode';
import type { RecentCall, Activity } from '../../observe/activity.ts';
import { markdownText, shownText } from '../../shared/escape.ts';
import { stateOf, type ProviderStatus } from '../../observe/status.ts';
import { knownCost, shortCount } from '../../observe/status-line.ts';
import type { Routes } from '../../providers/rules/routes.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import { assertNever } from '../../shared/result.ts';
import { formatDecimal, formatNumber } from '../../shared/l10n.ts';
import { costSourceWords } from '../../observe/cost-source-words.ts';
import { dateAndTime, display, hourAndMinute } from '../ui/display.ts';
import { otherCaller, toolNames } from '../../gateway/tool-names.ts';
import { callsToday, partUse } from './format.ts';
import { DetailRow, errorColor, GroupRow, okColor, warningColor } from './provider-row.ts';

export interface ActivityRowsOptions {
  readonly routes: Routes;
  readonly providers: readonly ProviderStatus[];
  readonly activity: Activity;
}

/** One group each for routes, tenants and recent calls, unless it is empty. */
export function activityRows({ routes, providers, activity }: ActivityRowsOptions): GroupRow[] {
  const conditions = new Map(
    providers.map((provider) => [provider.config.id, stateOf(provider, vscode.l10n)]),
  );
  const routeRows = [...routes].map(
    ([name, targets]) =>
      new GroupRow(`route:${name}`, name, 'list-ordered', targets.map(nameOf).join(', '), () =>
        targets.map((target, at) => {
          const condition = conditions.get(target.provider);
          const words = condition === undefined ? vscode.l10n.t('no such provider') : condition.words;
          const look = condition?.kind === 'callable' ? ['pass', okColor] : ['warning', warningColor];
          return new DetailRow(`route:${name}:${at}`, nameOf(target), words ?? '', look[0] ?? '', look[1]);
        }),
      ),
  );
  const tenantRows = [...activity.tenants].map(
    ([name, used]) =>
      new DetailRow(
        `tenant:${name}`,
        name,
        vscode.l10n.t(
          '{0}, {1} tokens',
          callsToday(used.requests),
          shortCount(used.inputTokens + used.outputTokens, display),
        ),
        'account',
      ),
  );
  const callerRows = activity.callers.map(
    (used) => new DetailRow(`caller:${used.name}`, toolName(used.name), partUse(used), 'tools'),
  );
  const groups = [
    new GroupRow('group:routes', vscode.l10n.t('Routes'), 'list-tree', '', () => routeRows),
    new GroupRow('group:tenants', vscode.l10n.t('Tenants'), 'organization', '', () => tenantRows),
    new GroupRow('group:callers', vscode.l10n.t('Tools'), 'tools', vscode.l10n.t('today'), () => callerRows),
    new GroupRow('group:calls', vscode.l10n.t('Recent calls'), 'history', '', () =>
      activity.calls.map(callRow),
    ),
  ];
  return groups.filter((group) => group.rows().length > 0);
}

function callRow(call: RecentCall): DetailRow {
  const { icon, color, words } = lookOf(call);
  const seconds = `${formatDecimal(call.totalMs / 1_000, display)} s`;
  const row = new DetailRow(
    `call:${call.seq}`,
    nameOf(call),
    [hourAndMinute(call.atMs), ...shortWords(call, words, seconds)].join(' · '),
    icon,
    color,
  );
  row.tooltip = callTooltip(call, words, seconds);
  row.accessibilityInformation = { label: `${nameOf(call)}, ${words}, ${String(row.description)}` };
  return row;
}

/** The view is narrow, and the icon says that a call was answered. */
function shortWords(call: RecentCall, words: string, seconds: string): string[] {
  if (call.outcome === 'refused') return [words];
  if (call.outcome !== 'done') return [words, seconds];
  const { costMicroUsd = 0 } = call.usage;
  const unknownCost = call.usage.costMicroUsd === undefined ? 1 : 0;
  const cost = knownCost({ requests: 1, costMicroUsd, unknownCost }, display);
  return cost === undefined ? [seconds] : [seconds, cost];
}

function lookOf(call: RecentCall): { icon: string; color?: string; words: string } {
  const reason = call.status === undefined ? call.reason : `${call.reason ?? ''} ${call.status}`.trim();
  switch (call.outcome) {
    case 'done':
      return { icon: 'pass', color: okColor, words: vscode.l10n.t('answered') };
    case 'refused':
      return {
        icon: 'circle-slash',
        color: warningColor,
        words: vscode.l10n.t('refused: {0}', reason ?? ''),
      };
    case 'failed':
      return { icon: 'error', color: errorColor, words: vscode.l10n.t('failed: {0}', reason ?? '') };
    case 'aborted':
      return { icon: 'debug-stop', words: vscode.l10n.t('cancelled') };
    default:
      return assertNever(call.outcome);
  }
}

function callTooltip(call: RecentCall, words: string, seconds: string): vscode.MarkdownString {
  const { usage } = call;
  const tokens = vscode.l10n.t(
    '{0} in, {1} out',
    formatNumber(usage.inputTokens, display),
    formatNumber(usage.outputTokens, display),
  );
  const facts: [string, string | undefined][] = [
    [vscode.l10n.t('Outcome'), words],
    [vscode.l10n.t('Time'), dateAndTime(call.atMs)],
    [vscode.l10n.t('Duration'), seconds],
    [vscode.l10n.t('Attempts'), String(call.attempts)],
    [vscode.l10n.t('Finish reason'), call.finish],
    [vscode.l10n.t("Provider's error code"), call.code],
    [vscode.l10n.t("Provider's request ID"), call.requestId],
    [vscode.l10n.t('Tokens'), usage.estimated ? vscode.l10n.t('{0}, estimated', tokens) : tokens],
    [vscode.l10n.t('Cost'), costWords(call)],
    [vscode.l10n.t('Tenant'), call.tenant],
    [vscode.l10n.t('Tool'), call.caller === undefined ? undefined : toolName(call.caller)],
    [vscode.l10n.t('Sent through'), call.frontDoor],
    [vscode.l10n.t('Route'), call.route],
    [vscode.l10n.t('Audit row'), String(call.seq)],
  ];
  return factTable(nameOf(call), facts);
}

/** The program behind a call: a tool, an extension, or what a client is made with. */
function toolName(caller: string): string {
  return caller === otherCaller
    ? vscode.l10n.t('other programs')
    : shownText(toolNames.get(caller) ?? caller);
}

function costWords({ costSource, usage }: RecentCall): string | undefined {
  if (costSource === undefined) return undefined;
  const source = costSourceWords(costSource, vscode.l10n);
  const { costMicroUsd } = usage;
  return costMicroUsd === undefined ? source : `$${(costMicroUsd / 1e6).toFixed(6)}, ${source}`;
}

/** A tooltip with a name and some facts. All texts are escaped. */
export function factTable(
  name: string,
  facts: readonly (readonly [string, string | undefined])[],
): vscode.MarkdownString {
  const rows = facts.flatMap(([label, value]) =>
    value === undefined ? [] : [`| ${markdownText(label)} | ${markdownText(value)} |`],
  );
  return new vscode.MarkdownString(
    [`**${markdownText(name)}**`, '', '| | |', '| --- | --- |', ...rows].join('\n'),
  );
}
