import * as vscode from 'vscode';
import { describeScope } from '../../guard/refusal.ts';
import { circuitWords, lacksKey, type ProviderStatus } from '../../observe/status.ts';
import { describeKeyState, describeVaultRefusal } from '../../vault/vault-refusal.ts';
import { keyActionOf } from '../keys/key-actions.ts';
import { formatNumber } from '../../shared/l10n.ts';
import { clockTime, display } from '../ui/display.ts';
import { callsToday, capLine, isNearlyFull } from './format.ts';
import { DetailRow, errorColor, KeyRow, okColor, warningColor } from './provider-row.ts';

/** The rows below a provider in the tree. */
export function details(provider: ProviderStatus): DetailRow[] {
  const { config, circuit, today, caps, lastFailure, lastFailureMs } = provider;
  const { id } = config;
  const until = circuit.kind === 'open' ? vscode.l10n.t(', retry after {0}', clockTime(circuit.untilMs)) : '';
  const failures =
    circuit.kind === 'closed' && circuit.failures > 0
      ? vscode.l10n.t(', {0} failures in a row', circuit.failures)
      : '';
  const closed = circuit.kind === 'closed';
  const rows = [
    new DetailRow(
      `${id}:circuit`,
      vscode.l10n.t('Circuit'),
      circuitWords(circuit.kind, vscode.l10n) + until + failures,
      closed ? 'pass' : 'error',
      closed ? okColor : errorColor,
    ),
    keyRow(provider),
    new DetailRow(
      `${id}:today`,
      vscode.l10n.t('Usage'),
      vscode.l10n.t(
        '{0}, {1} tokens in, {2} out',
        callsToday(today.requests),
        formatNumber(today.inputTokens, display),
        formatNumber(today.outputTokens, display),
      ),
      'graph',
    ),
    ...(config.models.length === 0
      ? []
      : [
          new DetailRow(
            `${id}:models`,
            vscode.l10n.t('Models'),
            config.models.join(', '),
            'symbol-namespace',
          ),
        ]),
    ...caps.map(
      (cap, index) =>
        new DetailRow(
          `${id}:cap:${index}`,
          cap.cap.scope.tenant === undefined && cap.cap.scope.model === undefined
            ? vscode.l10n.t('Cap')
            : vscode.l10n.t('Cap of {0}', describeScope(cap.cap.scope, vscode.l10n)),
          capLine(cap),
          'dashboard',
          isNearlyFull(cap) ? warningColor : undefined,
        ),
    ),
    ...[...provider.rateLimitPauses].map(
      ([model, untilMs]) =>
        new DetailRow(
          `${id}:rest:${model}`,
          model,
          vscode.l10n.t('rate limited until {0}', clockTime(untilMs)),
          'watch',
          warningColor,
        ),
    ),
  ];
  if (lastFailure !== undefined && lastFailureMs !== undefined) {
    rows.push(
      new DetailRow(
        `${id}:failure`,
        vscode.l10n.t('Last failure'),
        `${clockTime(lastFailureMs)} ${lastFailure}`,
        'warning',
        warningColor,
      ),
    );
  }
  return rows;
}

function keyRow(provider: ProviderStatus): DetailRow {
  const { key } = provider;
  const { id } = provider.config;
  const label = vscode.l10n.t('Key');
  const words = keyWords(provider);
  if (key === undefined) return new DetailRow(`${id}:key`, label, words, 'key');
  const color = lacksKey(provider) || provider.keyRejected ? errorColor : undefined;
  const row = new KeyRow(id, label, words, keyActionOf(key).command, color);
  row.tooltip =
    key.kind === 'set'
      ? vscode.l10n.t('For {0}, sealed under master key {1}', key.origin, key.kid)
      : describeVaultRefusal(key, vscode.l10n).message;
  return row;
}

/** The key's state in the words of the tree. */
export function keyWords(provider: ProviderStatus): string {
  const { key } = provider;
  if (key === undefined) return vscode.l10n.t('not needed');
  if (key.kind === 'notSet' && provider.config.keyNeed === 'optional')
    return vscode.l10n.t('not set (optional)');
  if (key.kind === 'set')
    return provider.keyRejected
      ? vscode.l10n.t('{0}, rejected by the provider', key.redactedKey)
      : key.redactedKey;
  return describeKeyState(key, vscode.l10n);
}
