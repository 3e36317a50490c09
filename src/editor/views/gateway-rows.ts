import * as vscode from 'vscode';
import {
  tokenCapKinds,
  type TokenCapKind,
  type TokenRow,
  type TokenSettings,
} from '../../gateway/tokens/tokens.ts';
import { describeLimit } from '../../guard/refusal.ts';
import type { PartUsage } from '../../ledger/readers.ts';
import { toolNames } from '../../gateway/tool-names.ts';
import { dateAndTime, display } from '../ui/display.ts';
import { tokenName } from '../gateway/token-name.ts';
import { factTable } from './activity-rows.ts';
import { partUse, percentOfCap } from './format.ts';
import { gatewayWords, type GatewaySeen } from './gateway-words.ts';
import { DetailRow, errorColor, GroupRow, okColor, warningColor } from './provider-row.ts';

/** A row for the gateway while it is on, with its tokens below. */
export function gatewayRows({ state, tokens, use, nowMs }: GatewaySeen): GroupRow[] {
  if (state.kind === 'off') return [];
  const row = new GroupRow('group:gateway', vscode.l10n.t('Gateway'), 'broadcast', gatewayWords(state), () =>
    tokens.length > 0
      ? tokens.map((token) => new GatewayTokenRow(token, use.get(token.id), nowMs))
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

  constructor(row: TokenRow, used: PartUsage | undefined, nowMs: number) {
    const { expiresMs, caps = {}, models = [], tool } = row.settings ?? {};
    const hasExpired = expiresMs !== undefined && expiresMs <= nowMs;
    const today = used === undefined ? vscode.l10n.t('not used today') : partUse(used, shareOf(used, caps));
    super(
      `gateway:${row.id}`,
      tokenName(row),
      hasExpired ? `${vscode.l10n.t('expired')} · ${today}` : today,
      hasExpired ? 'warning' : 'key',
      hasExpired ? warningColor : undefined,
    );
    this.token = row.id;
    this.tooltip = factTable(tokenName(row), [
      [vscode.l10n.t('Today'), today],
      [vscode.l10n.t('Tenant'), row.grant.kind === 'calls' ? row.grant.tenant : undefined],
      [vscode.l10n.t('Tool'), tool === undefined ? undefined : (toolNames.get(tool) ?? tool)],
      ...tokenCapKinds.map((kind) => [vscode.l10n.t('Cap'), capWords(caps, kind)] as const),
      [vscode.l10n.t('Models'), models.length === 0 ? undefined : models.join(', ')],
      [vscode.l10n.t('Created'), dateAndTime(row.createdMs)],
      [
        hasExpired ? vscode.l10n.t('Expired') : vscode.l10n.t('Expires'),
        expiresMs === undefined ? undefined : dateAndTime(expiresMs),
      ],
    ]);
    this.contextValue = tool === undefined || row.process !== undefined ? 'gatewayToken' : 'gatewayTool';
  }
}

type TokenCaps = NonNullable<TokenSettings['caps']>;

function capWords(caps: TokenCaps, kind: TokenCapKind): string | undefined {
  const limit = caps[kind];
  return limit === undefined ? undefined : describeLimit({ scope: {}, kind, limit }, display);
}

/** How much of the fullest cap of a token is used. */
function shareOf(used: PartUsage, caps: TokenCaps): string | undefined {
  const amounts: Record<TokenCapKind, number> = {
    requestsPerDay: used.requests,
    tokensPerDay: used.inputTokens + used.outputTokens,
    usdPerDay: used.costMicroUsd,
  };
  const shares = tokenCapKinds.flatMap((kind) => {
    const limit = caps[kind];
    return limit === undefined ? [] : [limit === 0 ? 1 : amounts[kind] / limit];
  });
  return shares.length === 0 ? undefined : percentOfCap(Math.max(...shares));
}
