import * as vscode from 'vscode';
import { providerKind, type ProviderKind } from '../../providers/config/catalogue.ts';
import { foreignKey } from '../../providers/config/catalogue-keys.ts';
import { parseBaseUrl } from '../../vault/key-origin.ts';
import { agrees } from '../ui/modal.ts';

/** Why the typed text cannot be a key of this kind of provider; undefined if it can. */
export function keyProblem(kind: ProviderKind, text: string, mayBeEmpty: boolean): string | undefined {
  if (text === '') return mayBeEmpty ? undefined : vscode.l10n.t('Enter a key, or press Esc to cancel.');
  // Spaces or line breaks pasted around a key are never part of it, and a header cannot carry them.
  if (!/^[\x21-\x7e]+$/.test(text))
    return vscode.l10n.t('A key can contain only printable ASCII characters, without spaces.');
  const foreign = foreignKey(kind, text);
  const { label } = providerKind(kind);
  return foreign === undefined
    ? undefined
    : vscode.l10n.t(
        'This looks like a different kind of key ({0}). Enter a key for {1}.',
        foreign(vscode.l10n),
        label,
      );
}

/** Anyone on the network can read plain http to another machine, so a key is sent there only if the user agrees. */
export async function mayReceiveKey(baseUrl: string | undefined): Promise<boolean> {
  const parsed = parseBaseUrl(baseUrl ?? '');
  if (!parsed.ok || parsed.value.key === 'allowed') return true;
  return agrees(
    vscode.l10n.t('Send the key to {0} without encryption?', parsed.value.origin),
    vscode.l10n.t('Send Key'),
    vscode.l10n.t('The connection is not encrypted. Anyone on the network path can read the key.'),
  );
}
