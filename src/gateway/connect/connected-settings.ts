import {
  readSettingsFile,
  removeSettingsFile,
  writeSettingsFile,
  type FileProblem,
  type SettingsFile,
} from './settings-file.ts';
import { applySettings, undoSettings, type EditProblem, type SettingUndo } from './edit-settings.ts';
import type { ConnectFacts, Places, ToolConnection } from './tool-connections.ts';
import { err, ok, type Result } from '../../shared/result.ts';

/** `secret`: a value that would have to be kept for the way back is a secret. `changed`: somebody else wrote the file. */
export type SettingsProblem = FileProblem | EditProblem | 'secret' | 'changed';

/** An edit of a tool's settings that has not been made yet. */
export interface PlannedEdit {
  readonly before: SettingsFile;
  readonly text: string;
  readonly undo: readonly SettingUndo[];
}

/** What takes the edit back. Kept as JSON, without any secret. */
export interface ConnectedSettings {
  readonly file: string;
  readonly isNew: boolean;
  readonly undo: readonly SettingUndo[];
}

/** Plans the edit; `isSecret` judges the values that the edit replaces. */
export async function planEdit(
  settings: NonNullable<ToolConnection['settings']>,
  facts: ConnectFacts,
  places: Places,
  isSecret: (text: string) => boolean,
): Promise<Result<PlannedEdit, SettingsProblem>> {
  const before = await firstThere(settings.files(places), places.home);
  if (!before.ok) return before;
  const edited = applySettings(before.value.text, settings.values(facts, places));
  if (!edited.ok) return edited;
  const { text, undo } = edited.value;
  // Each with its name, and none beside the other: what stands next to a value decides whether it looks like a secret.
  const kept = undo.map(({ path, before: value }) => JSON.stringify({ [path.at(-1) ?? '']: value }));
  return kept.some(isSecret) ? err('secret') : ok({ before: before.value, text, undo });
}

/** Undefined if the file has changed since the edit was planned. */
export async function makeEdit(
  { before, text, undo }: PlannedEdit,
  home: string,
): Promise<ConnectedSettings | undefined> {
  const isWritten = await writeSettingsFile(before, text, home);
  return isWritten ? { file: before.file, isNew: before.mode === undefined, undo } : undefined;
}

/** Takes the edit back, and returns the settings that the user has changed since and that stay. */
export async function takeBack(
  { file, isNew, undo }: ConnectedSettings,
  home: string,
): Promise<Result<readonly string[], SettingsProblem>> {
  const before = await readSettingsFile(file, home);
  if (!before.ok) return before;
  if (before.value.mode === undefined) return ok([]);
  const undone = undoSettings(before.value.text, undo);
  if (!undone.ok) return undone;
  const { text, kept } = undone.value;
  if (isNew && /^\s*\{\s*\}\s*$/.test(text)) await removeSettingsFile(file);
  else if (!(await writeSettingsFile(before.value, text, home))) return err('changed');
  return ok(kept);
}

async function firstThere(
  [first, ...others]: readonly [string, ...string[]],
  home: string,
): Promise<Result<SettingsFile, FileProblem>> {
  const read = await readSettingsFile(first, home);
  if (!read.ok || read.value.mode !== undefined) return read;
  for (const file of others) {
    const other = await readSettingsFile(file, home);
    if (!other.ok || other.value.mode !== undefined) return other;
  }
  return read;
}
