import * as vscode from 'vscode';
import { tokenCapKinds, type TokenRow } from '../../gateway/tokens/tokens.ts';
import { describeLimit } from '../../guard/refusal.ts';
import type { PartUsage } from '../../ledger/readers.ts';
import { shownText } from '../../shared/escape.ts';
import { dateAndTime } from '../ui/display.ts';
import { tokenName } from '../gateway/token-name.ts';
import { partUse } from './format.ts';
import { gatewayWords, type GatewaySeen } from './gateway-words.ts';
import { DetailRow, errorColor, GroupRow, okColor } from './provider-row.ts';

/** A row for the gateway while it is on, with its tokens below. */
export function gatewayRows({ state, tokens, use }: GatewaySeen): GroupRow[] {
  if (state.kind === 'off') return [];
  const row = new GroupRow('group:gateway', vscode.l10n.t('Gateway'), 'broadcast', gatewayWords(state), () =>
    tokens.length > 0
      ? tokens.map((token) => new GatewayTokenRow(token, use.get(token.id)))
      : [new DetailRow('gateway:none', vscode.l10n.t('No tokens'), '', 'key')],
  );
  const [icon, color] = state.kind === 'failing' ? ['error', errorColor] : ['broadcast', okColor];
  row.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  row.contextValue = 'gateway';
  return [row];
}

/** A token. A command that is called on the row reads the token's id from it. */
export class GatewayTokenRow extends DetailRow {
  readonly token: string;

  constructor(row: TokenRow, used: PartUsage | undefined) {
    const since = vscode.l10n.t('since {0}', dateAndTime(row.createdMs));
    const today = used === undefined ? undefined : partUse(used);
    const { expiresMs, caps = {}, models = [], tool } = row.settings ?? {};
    const ends = expiresMs === undefined ? undefined : vscode.l10n.t('until {0}', dateAndTime(expiresMs));
    const known = (texts: readonly (string | undefined)[]) => texts.filter((text) => text !== undefined);
    super(`gateway:${row.id}`, tokenName(row), known([today, since, ends]).join(' · '), 'key');
    this.token = row.id;
    const scope = {};
    const limits = tokenCapKinds.flatMap((kind) => {
      const limit = caps[kind];
      return limit === undefined ? [] : [describeLimit({ scope, kind, limit }, vscode.l10n)];
    });
    const tenant = row.grant.kind === 'calls' ? vscode.l10n.t('tenant {0}', row.grant.tenant) : undefined;
    this.tooltip = known([tenant, tool, ...limits, models.length === 0 ? undefined : models.join(', ')])
      .map((line) => shownText(line))
      .join('\n');
    this.contextValue = tool === undefined || row.process !== undefined ? 'gatewayToken' : 'gatewayTool';
  }
}
