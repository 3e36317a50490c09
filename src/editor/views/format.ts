import * as vscode from 'vscode';
import { describeLimit, formatAmount } from '../../guard/refusal.ts';
import { formatNumber } from '../../shared/l10n.ts';
import type { PartUsage } from '../../ledger/readers.ts';
import { display } from '../ui/display.ts';
import { nearlyFull } from '../../observe/nearly-full.ts';
import { shortCount } from '../../observe/status-line.ts';
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
  return cap === undefined ? undefined : vscode.l10n.t('{0}% of cap', Math.floor(fullness(cap) * 100));
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

/** '12 calls today, 3.4k tokens, $0.35'. */
export function partUse({ requests, inputTokens, outputTokens, costMicroUsd }: PartUsage): string {
  return vscode.l10n.t(
    '{0}, {1} tokens, {2}',
    callsToday(requests),
    shortCount(inputTokens + outputTokens, display),
    formatAmount('usdPerDay', costMicroUsd, display),
  );
}
