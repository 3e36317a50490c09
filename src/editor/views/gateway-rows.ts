import * as vscode from 'vscode';
import { gatewayAddress } from '../../gateway/port-setting.ts';
import { describeStoredProblem } from '../../gateway/start-problem.ts';
import type { TokenRow } from '../../gateway/tokens.ts';
import type { GatewayState } from '../../ledger/readers.ts';
import { dateAndTime } from '../ui/display.ts';
import { tokenName } from '../gateway/token-name.ts';
import { DetailRow, errorColor, GroupRow, okColor } from './provider-row.ts';

/** The gateway as every window shows it. */
export interface GatewaySeen {
  readonly state: GatewayState;
  readonly tokens: readonly TokenRow[];
}

/** A row for the gateway while it is on, with its tokens below. */
export function gatewayRows({ state, tokens }: GatewaySeen): GroupRow[] {
  if (state.kind === 'off') return [];
  const row = new GroupRow('group:gateway', vscode.l10n.t('Gateway'), 'broadcast', gatewayWords(state), () =>
    tokens.length > 0
      ? tokens.map((token) => new GatewayTokenRow(token))
      : [new DetailRow('gateway:none', vscode.l10n.t('No tokens'), '', 'key')],
  );
  const [icon, color] = state.kind === 'failing' ? ['error', errorColor] : ['broadcast', okColor];
  row.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  row.contextValue = 'gateway';
  return [row];
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

/** A token. A command that is called on the row reads the token's id from it. */
export class GatewayTokenRow extends DetailRow {
  readonly token: string;

  constructor({ id, grant, createdMs, process }: TokenRow) {
    const since = vscode.l10n.t('since {0}', dateAndTime(createdMs));
    super(`gateway:${id}`, tokenName({ grant, ...(process === undefined ? {} : { process }) }), since, 'key');
    this.token = id;
    this.contextValue = 'gatewayToken';
  }
}
