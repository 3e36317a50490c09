import * as vscode from 'vscode';
import { applyImport, type ImportReport, type ImportTarget } from '../../providers/import/apply.ts';
import { hasTokens, parseServerKeys, serverKeyProblem } from '../../providers/import/decode.ts';
import { planImport, type PlannedKey } from '../../providers/import/plan.ts';
import type { BadRow, SourceRow } from '../../providers/import/source-row.ts';
import { english } from '../../shared/l10n.ts';
import type { MasterKey } from '../../vault/master-key.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { EditorLog } from '../editor-log.ts';
import type { Vault } from '../../vault/vault.ts';
import { mayReceiveKey } from '../keys/enter-key.ts';
import { pickKeys } from './import/preview.ts';
import { readSource } from './import/source.ts';
import { agrees } from '../ui/modal.ts';

interface ImportPorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly log: EditorLog;
}

/** Imports keys from a file or the environment. Stores nothing before the user has seen what will happen. */
export async function importKeys({ vault, settings, log }: ImportPorts): Promise<void> {
  const source = await readSource(log);
  if (source === undefined) return;
  if (source.rows.length === 0 && source.bad.length === 0) {
    await vscode.window.showInformationMessage(vscode.l10n.t('No keys were found.'));
    return;
  }
  const serverKeys = await askServerKeys(source.rows);
  if (serverKeys === undefined) return;
  const inputs = { providers: settings.current.providers, serverKeys, vault };
  const plan = await planImport(source, inputs);
  for (const row of plan.bad) log.warn(forLog(row));
  const picked = await pickKeys(plan);
  if (picked === undefined || !(await mayReplace(picked))) return;
  const target: ImportTarget = {
    vault,
    addProvider: (id, entry) => settings.putProvider(id, entry),
    clean: (message) => log.clean(message),
  };
  const report = await applyImport(await receivable(picked), target);
  await notify(log, report, plan.bad.length);
}

/** Empty if no value needs them or the user goes on without them. Undefined if the user cancels. */
async function askServerKeys(rows: readonly SourceRow[]): Promise<readonly MasterKey[] | undefined> {
  if (!hasTokens(rows)) return [];
  const entered = await vscode.window.showInputBox({
    title: vscode.l10n.t('Import Keys'),
    prompt: vscode.l10n.t(
      'Some keys are Fernet tokens. Enter the Fernet key of the server (separate several with commas), or leave it empty to skip them.',
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? undefined : serverKeyProblem(text)?.(vscode.l10n)),
  });
  if (entered === undefined) return undefined;
  return entered.trim() === '' ? [] : parseServerKeys(entered);
}

async function mayReplace(picked: readonly PlannedKey[]): Promise<boolean> {
  const names = picked.filter(({ fate }) => fate === 'replace').map(({ config }) => config.id);
  if (names.length === 0) return true;
  return agrees(
    vscode.l10n.t('Replace the keys of {0}?', names.join(', ')),
    vscode.l10n.t('Replace'),
    vscode.l10n.t('Their current keys in the vault will be deleted.'),
  );
}

/** Leaves out keys that the vault has already, and those whose connection is not encrypted unless the user agrees. */
async function receivable(picked: readonly PlannedKey[]): Promise<readonly PlannedKey[]> {
  const agreed: PlannedKey[] = [];
  for (const planned of picked) {
    if (planned.fate !== 'same' && (await mayReceiveKey(planned.config.baseUrl))) agreed.push(planned);
  }
  return agreed;
}

/** The place comes last: 'OPENAI_API_KEY: its' looks like a key and would be redacted. */
function forLog({ place, problem }: BadRow): string {
  return `Import: ${problem(english)} (${place(english)})`;
}

async function notify(log: EditorLog, report: ImportReport, badRows: number): Promise<void> {
  const { imported, failed } = report;
  log.info(`Imported keys: ${imported.length === 0 ? 'none' : imported.join(', ')}.`);
  for (const row of failed) log.error(forLog(row));
  const not = failed.length + badRows;
  const showLog = vscode.l10n.t('Show Log');
  const names = imported.join(', ');
  const said = [
    names === '' ? vscode.l10n.t('No key was imported.') : vscode.l10n.t('Imported the keys of {0}.', names),
    not === 0
      ? ''
      : not === 1
        ? vscode.l10n.t('1 row was not imported.')
        : vscode.l10n.t('{0} rows were not imported.', not),
  ]
    .join(' ')
    .trim();
  const buttons = not === 0 ? [] : [showLog];
  const chosen =
    failed.length > 0
      ? await vscode.window.showErrorMessage(said, ...buttons)
      : await vscode.window.showInformationMessage(said, ...buttons);
  if (chosen === showLog) log.show();
}
