import * as l10n from '@vscode/l10n';
import { otherCaller, toolNames } from '../../gateway/tool-names.ts';
import type { UsageReport, View } from '../panel-messages.ts';
import type { ChartId } from './saved-state.ts';

type Tile = UsageReport['tiles'][number];

export function rangeWords(range: View['range']): string {
  switch (range) {
    case '24h':
      return l10n.t('Last 24 hours');
    case '7d':
      return l10n.t('Last 7 days');
    case '30d':
      return l10n.t('Last 30 days');
    case '90d':
      return l10n.t('Last 90 days');
  }
}

export function tileTitle(kind: Tile['kind']): string {
  switch (kind) {
    case 'requests':
      return l10n.t('Requests today');
    case 'tokens':
      return l10n.t('Tokens today');
    case 'cost':
      return l10n.t('Cost today');
    case 'success':
      return l10n.t('Success today');
  }
}

export function chartTitle(chart: ChartId): string {
  switch (chart) {
    case 'requests':
      return l10n.t('Requests');
    case 'tokens':
      return l10n.t('Tokens');
    case 'cost':
      return l10n.t('Cost');
    case 'duration':
      return l10n.t('Duration');
    case 'firstContent':
      return l10n.t('Time to first token');
  }
}

/** A cost, of which the unknown part is missing. */
export function costWords(cost: string, { unknownCost }: { readonly unknownCost: number }): string {
  return unknownCost > 0 ? l10n.t('> {0}', cost) : cost;
}

/** The program behind calls: a tool, an extension, or what a client is made with. */
export function callerWords(caller: string): string {
  return caller === otherCaller ? l10n.t('other programs') : (toolNames.get(caller) ?? caller);
}

export function otherGroup(): string {
  return l10n.t('Other');
}

/** A reason of the ledger in words. An unknown reason is shown unchanged. */
export function reasonWords(reason: string): string {
  const known = reasons();
  // Own properties only: a row may say 'constructor'.
  return Object.hasOwn(known, reason) ? (known[reason] ?? reason) : reason;
}

function reasons(): Partial<Record<string, string>> {
  return {
    settings: l10n.t('Invalid settings'),
    policy: l10n.t('Model not allowed'),
    circuit: l10n.t('Circuit open'),
    paused: l10n.t('Provider paused'),
    rest: l10n.t('Rate limited by provider'),
    outOfCredit: l10n.t('Out of credit'),
    cap: l10n.t('Cap reached'),
    vault: l10n.t('No usable key'),
    origin: l10n.t('Address not confirmed'),
    promptSecret: l10n.t('Secret in prompt'),
    ledger: l10n.t('Ledger unavailable'),
  };
}

export function callsWords(count: number, shown: string): string {
  return count === 1 ? l10n.t('1 call') : l10n.t('{0} calls', shown);
}
