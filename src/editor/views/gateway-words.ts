import * as vscode from 'vscode';
import { gatewayAddress } from '../../gateway/port-setting.ts';
import { describeStoredProblem } from '../../gateway/start-problem.ts';
import type { TokenRow } from '../../gateway/tokens/tokens.ts';
import type { GatewayState, PartUsage } from '../../ledger/readers.ts';

/** The gateway as every window shows it. */
export interface GatewaySeen {
  readonly state: GatewayState;
  readonly tokens: readonly TokenRow[];
  /** What each token used today, by its id. */
  readonly use: ReadonlyMap<string, PartUsage>;
  readonly nowMs: number;
}

/** Its address, or why it is not running. */
export function gatewayWords(state: GatewayState): string {
  switch (state.kind) {
    case 'off':
      return vscode.l10n.t('off');
    case 'starting':
      return vscode.l10n.t('starting');
    case 'serving':
      return gatewayAddress(state.port);
    case 'failing':
      return describeStoredProblem(state.problem, vscode.l10n);
  }
}
