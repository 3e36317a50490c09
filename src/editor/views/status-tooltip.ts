import * as vscode from 'vscode';
import { markdownText } from '../../shared/escape.ts';
import { lacksKey, stateOf, type ProviderStatus, type Status } from '../../observe/status.ts';
import { knownCost, shortCount } from '../../observe/status-line.ts';
import { keyActionOf } from '../keys/key-actions.ts';
import { formatNumber } from '../../shared/l10n.ts';
import { display } from '../ui/display.ts';
import { capShare, isNearlyFull } from './format.ts';
import { gatewayWords, type GatewaySeen } from './gateway-words.ts';

interface Link {
  readonly label: string;
  readonly command: string;
}

/** A small table of the providers and today's usage, with a link to the next action for each. */
export function statusTooltip(
  status: Status | undefined,
  reason: string | undefined,
  gateway: GatewaySeen | undefined,
): vscode.MarkdownString {
  const providers = status?.providers ?? [];
  const acts = providers.map(actionFor);
  const links = [
    { label: vscode.l10n.t('Show Status'), command: 'callguard.showStatus' },
    { label: vscode.l10n.t('Show Usage'), command: 'callguard.showUsage' },
    { label: vscode.l10n.t('Export Metrics'), command: 'callguard.exportMetrics' },
    { label: vscode.l10n.t('Show Log'), command: 'callguard.showLog' },
  ];
  const about = gatewayLinks(gateway);
  const lines = [
    reason === undefined ? '**Callguard**' : `**Callguard**: ${markdownText(reason)}`,
    '',
    ...(providers.length === 0 ? [] : [...table(providers, acts), '']),
    ...(gateway === undefined || about.length === 0 ? [] : [gatewayLine(gateway, about), '']),
    links.map((link) => linkTo(link)).join(' · '),
  ];
  const tooltip = new vscode.MarkdownString(lines.join('\n'));
  tooltip.isTrusted = { enabledCommands: [...links, ...acts, ...about].map(({ command }) => command) };
  return tooltip;
}

function gatewayLinks(gateway: GatewaySeen | undefined): Link[] {
  const stop = { label: vscode.l10n.t('Stop'), command: 'callguard.stopGateway' };
  switch (gateway?.state.kind) {
    case undefined:
    case 'off':
      return [];
    case 'serving':
      return [
        { label: vscode.l10n.t('Copy Address'), command: 'callguard.copyGatewayAddress' },
        { label: vscode.l10n.t('Manage Tokens'), command: 'callguard.gatewayTokens' },
        stop,
      ];
    case 'starting':
    case 'failing':
      return [stop];
  }
}

function gatewayLine({ state, tokens }: GatewaySeen, links: readonly Link[]): string {
  const count = tokens.length === 1 ? vscode.l10n.t('1 token') : vscode.l10n.t('{0} tokens', tokens.length);
  const about = `${vscode.l10n.t('Gateway')}: ${markdownText(gatewayWords(state))}, ${count}`;
  return [about, ...links.map((link) => linkTo(link))].join(' · ');
}

function table(providers: readonly ProviderStatus[], acts: readonly Link[]): string[] {
  const head = [
    vscode.l10n.t('Provider'),
    vscode.l10n.t('State'),
    vscode.l10n.t('Calls'),
    vscode.l10n.t('Tokens'),
    vscode.l10n.t('Cost'),
    '',
  ];
  const rows = providers.map((provider, at) => {
    const { config, today } = provider;
    const act = acts[at];
    return [
      markdownText(config.id),
      markdownText(stateOf(provider, vscode.l10n).words ?? capWords(provider) ?? vscode.l10n.t('ready')),
      formatNumber(today.requests, display),
      shortCount(today.inputTokens + today.outputTokens, display),
      markdownText(knownCost(today, display) ?? vscode.l10n.t('unknown')),
      act === undefined ? '' : linkTo(act, config.id),
    ];
  });
  return [line(head), '| :--- | :--- | ---: | ---: | ---: | :--- |', ...rows.map(line)];
}

/** For a cap that leaves little or no room for calls. */
function capWords({ caps: [tightest] }: ProviderStatus): string | undefined {
  return isNearlyFull(tightest) ? capShare(tightest) : undefined;
}

function line(cells: readonly string[]): string {
  // A tooltip's table has no space between its columns. At this width no line breaks.
  return `| ${cells.join(' | &nbsp;&nbsp;')} |`;
}

/** The next action for a provider in this state. */
function actionFor(provider: ProviderStatus): Link {
  if (provider.paused) return { label: vscode.l10n.t('Resume'), command: 'callguard.resumeProvider' };
  if (lacksKey(provider)) return keyActionOf(provider.key);
  if (provider.keyRejected) return { label: vscode.l10n.t('Replace Key'), command: 'callguard.replaceKey' };
  return provider.circuit.kind === 'closed' && !provider.outOfCredit
    ? { label: vscode.l10n.t('Test'), command: 'callguard.testProvider' }
    : { label: vscode.l10n.t('Reset'), command: 'callguard.resetCircuit' };
}

function linkTo({ label, command }: Link, provider?: string): string {
  const argument = provider === undefined ? '' : `?${encodeURIComponent(JSON.stringify([provider]))}`;
  // A link must stay on one line.
  return `[${markdownText(label).replaceAll(' ', '&nbsp;')}](command:${command}${argument})`;
}
