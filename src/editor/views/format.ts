import * as vscode from 'vscode';
import { describeLimit, formatAmount } from '../../guard/refusal.ts';
import { formatNumber } from '../../shared/l10n.ts';
import type { PartUsage } from '../../ledger/readers.ts';
import { display } from '../ui/display.ts';
import { nearlyFull } from '../../observe/nearly-full.ts';
import { knownCost, shortCount } from '../../observe/status-line.ts';
import { fullness, type CapStatus } from '../../observe/status.ts';

/** '3 of 100 requests a day, 1 held'. */
export function capLine({ cap, used, held }: CapStatus): string {
  const [amount, limit] = [formatAmount(cap.kind, used, display), describeLimit(cap, display)];
  return held > 0
    ? vscode.l10n.t('{0} of {1}, {2} reserved', amount, limit, formatAmount(cap.kind, held, display))
    : vscode.l10n.t('{0} of {1}', amount, limit);
}

/** '80% of cap'; undefined where there is none. */
export function capShare(cap: CapStatus | undefined): string | undefined {
  return cap === undefined ? undefined : percentOfCap(fullness(cap));
}

export function percentOfCap(share: number): string {
  return vscode.l10n.t('{0}% of cap', Math.floor(share * 100));
}

export function isNearlyFull(cap: CapStatus | undefined): boolean {
  return cap !== undefined && fullness(cap) >= nearlyFull;
}

/** '1 call today', '12 calls today'. */
export function callsToday(calls: number): string {
  return calls === 1
    ? vscode.l10n.t('1 call today')
    : vscode.l10n.t('{0} calls today', formatNumber(calls, display));
}

/** '$0.35 · 80% of cap · 12 calls · 3.4k tokens'. */
export function partUse(used: PartUsage, share?: string): string {
  const { requests, inputTokens, outputTokens } = used;
  const calls =
    requests === 1 ? vscode.l10n.t('1 call') : vscode.l10n.t('{0} calls', formatNumber(requests, display));
  const tokens = vscode.l10n.t('{0} tokens', shortCount(inputTokens + outputTokens, display));
  const cost = knownCost(used, display) ?? vscode.l10n.t('cost unknown');
  return [cost, ...(share === undefined ? [] : [share]), calls, tokens].join(' · ');
}
