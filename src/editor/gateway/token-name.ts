import * as vscode from 'vscode';
import type { TokenRow } from '../../gateway/tokens/tokens.ts';
import { toolNames } from '../../gateway/tool-names.ts';
import { shownText } from '../../shared/escape.ts';

/** The name of a token for the user: its own, or what it allows. */
export function tokenName({
  grant,
  process,
  settings,
}: Pick<TokenRow, 'grant' | 'process' | 'settings'>): string {
  if (settings?.name !== undefined) return shownText(settings.name);
  switch (grant.kind) {
    case 'calls': {
      const tenant = shownText(grant.tenant);
      if (process === undefined) return vscode.l10n.t('tenant {0}', tenant);
      const tool = toolNames.get(settings?.tool ?? '');
      return tool === undefined
        ? vscode.l10n.t('guarded terminal of tenant {0}', tenant)
        : vscode.l10n.t('{0} (terminal)', tool);
    }
    case 'management':
      return vscode.l10n.t('management');
    case 'readOnly':
      return vscode.l10n.t('read-only');
  }
}
