import * as vscode from 'vscode';
import { labelText } from '../../../shared/escape.ts';
import { languagesOf } from '../../../shared/l10n.ts';
import { display } from '../../ui/display.ts';
import type { ImportPlan, PlannedKey } from '../../../providers/import/plan.ts';

interface KeyItem extends vscode.QuickPickItem {
  /** Undefined if the row cannot be imported. */
  readonly planned?: PlannedKey;
}

/**
 * Shows what would happen to each key, redacted, and lets the user pick. New keys are picked beforehand, replacements
 * are not. Undefined if the user cancels.
 */
export function pickKeys(plan: ImportPlan): Promise<readonly PlannedKey[] | undefined> {
  const keys = plan.keys.map(itemOf);
  const bad: KeyItem[] = plan.bad
    .map(({ place, problem }) => ({
      label: `$(circle-slash) ${labelText(place(vscode.l10n))}`,
      detail: labelText(problem(vscode.l10n)),
      alwaysShow: true,
    }))
    .sort((a, b) => a.label.localeCompare(b.label, languagesOf(display), { numeric: true }));
  const pick = vscode.window.createQuickPick<KeyItem>();
  pick.title = vscode.l10n.t('Import Keys');
  pick.placeholder =
    keys.length === 0
      ? vscode.l10n.t('No keys can be imported')
      : vscode.l10n.t('Select the keys to import. All others stay unchanged.');
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = [...keys, ...(bad.length === 0 ? [] : [separator(), ...bad])];
  pick.selectedItems = keys.filter(({ planned }) => planned?.fate === 'new');
  return new Promise((resolve) => {
    pick.onDidChangeSelection((selected) => {
      // A quick pick cannot disable an item, so a bad one is unpicked again.
      const possible = selected.filter(({ planned }) => planned !== undefined);
      if (possible.length < selected.length) pick.selectedItems = possible;
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems.flatMap(({ planned }) => planned ?? []));
      pick.dispose();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemOf(planned: PlannedKey): KeyItem {
  const { config, redactedKey, origin, place } = planned;
  return {
    label: config.id,
    description: vscode.l10n.t('{0} for {1}', redactedKey, origin),
    detail: vscode.l10n.t('{0} · {1}', fateWords(planned), labelText(place(vscode.l10n))),
    planned,
  };
}

function fateWords({ fate, addsProvider }: PlannedKey): string {
  switch (fate) {
    case 'new':
      return addsProvider ? vscode.l10n.t('New (adds the provider to your settings)') : vscode.l10n.t('New');
    case 'same':
      return vscode.l10n.t('Already in the vault');
    case 'replace':
      return vscode.l10n.t('Replaces the key in the vault');
  }
}

function separator(): KeyItem {
  return { label: vscode.l10n.t('cannot be imported'), kind: vscode.QuickPickItemKind.Separator };
}
