import * as vscode from 'vscode';
import {
  makeEdit,
  planEdit,
  type ConnectedSettings,
  type PlannedEdit,
  type SettingsProblem,
} from '../../../gateway/connect/connected-settings.ts';
import {
  redactSettings,
  type ConnectFacts,
  type Places,
  type ToolConnection,
} from '../../../gateway/connect/tool-connections.ts';
import { createRedactor } from '../../../redaction/redact.ts';
import { showToCopy } from '../../ui/modal.ts';

const scheme = 'callguard-settings';

/**
 * Writes the settings after the user has seen the change. Undefined if Callguard may not write the file: then it shows
 * the values.
 */
export async function editSettings(
  label: string,
  settings: NonNullable<ToolConnection['settings']>,
  facts: ConnectFacts,
  places: Places,
): Promise<ConnectedSettings | 'cancelled' | undefined> {
  const redactor = createRedactor();
  const redact = (text: string) => redactSettings(text, (part) => redactor.redact(part));
  const planned = await planEdit(settings, facts, places, (text) => redact(text) !== text);
  const written = planned.ok ? await confirmed(label, planned.value, places.home, redact) : planned.error;
  if (typeof written === 'object' || written === 'cancelled') return written;
  const file = planned.ok ? planned.value.before.file : settings.files(places)[0];
  const values = Object.fromEntries(
    settings.values(facts, places).map(({ path, value }) => [path.join('.'), value]),
  );
  await showLines(file, JSON.stringify(values, undefined, 2), problemText(written, file));
  return undefined;
}

/** Shows lines that the user copies into a file. They hold no token. */
export async function showLines(file: string, lines: string, problem?: string): Promise<void> {
  const detail = problem === undefined ? lines : `${problem}\n\n${lines}`;
  await showToCopy(vscode.l10n.t('Add this to {0}', file), detail, lines);
}

/** Why the file is not changed, and by whom it can be. */
export function problemText(problem: SettingsProblem, file: string): string {
  const why: Readonly<Record<SettingsProblem, () => string>> = {
    symlink: () => vscode.l10n.t('{0} is, or is behind, a symbolic link.', file),
    git: () => vscode.l10n.t('{0} is in a Git repository.', file),
    owner: () => vscode.l10n.t('{0} belongs to another user.', file),
    links: () => vscode.l10n.t('{0} has more than one name on the disk.', file),
    notFile: () => vscode.l10n.t('{0} is not a file.', file),
    tooLarge: () => vscode.l10n.t('{0} is too large.', file),
    notText: () => vscode.l10n.t('{0} is not a UTF-8 text.', file),
    unreadable: () => vscode.l10n.t('{0} has a syntax error.', file),
    conflict: () => vscode.l10n.t('{0} has another kind of value where the settings belong.', file),
    secret: () => vscode.l10n.t('{0} has a secret where the settings belong.', file),
    changed: () => vscode.l10n.t('{0} was changed in the meantime.', file),
  };
  return vscode.l10n.t('{0} Callguard does not change it.', why[problem]());
}

async function confirmed(
  label: string,
  planned: PlannedEdit,
  home: string,
  redact: (text: string) => string,
): Promise<ConnectedSettings | 'cancelled' | 'changed'> {
  const { file, text } = planned.before;
  const secrets = vscode.l10n.t('Secrets in the file are shown as ***. They stay as they are.');
  // The question below covers the first lines of the editor.
  const head = `// ${file}\n// ${secrets}\n\n\n\n`;
  const texts = { before: head + redact(text), after: head + redact(planned.text) };
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: ({ query }) => (query === 'before' ? texts.before : texts.after),
  });
  try {
    const side = (query: keyof typeof texts) => vscode.Uri.from({ scheme, path: `${file}.jsonc`, query });
    const title = vscode.l10n.t('{0}: before and after', file);
    await vscode.commands.executeCommand('vscode.diff', side('before'), side('after'), title);
    const write = vscode.l10n.t('Write {0}', file);
    const picked = await vscode.window.showQuickPick([write, vscode.l10n.t('Cancel')], {
      title: vscode.l10n.t('Connect {0}', label),
      placeHolder: vscode.l10n.t('Look at the change, then write it'),
      ignoreFocusOut: true,
    });
    if (picked !== write) return 'cancelled';
    return (await makeEdit(planned, home)) ?? 'changed';
  } finally {
    await closeDiff();
    provider.dispose();
  }
}

async function closeDiff(): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === scheme);
  await vscode.window.tabGroups.close(tabs);
}
