import { lstat, mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { hasCode, fileOfUser, folderOfUser, replaceFile } from '../../shared/atomic-file.ts';
import { gatewayLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';

/** Why Callguard does not write a file of another program. */
export type FileProblem = 'symlink' | 'git' | 'owner' | 'links' | 'notFile' | 'tooLarge' | 'notText';

export interface SettingsFile {
  readonly file: string;
  /** Empty for a file that does not exist. */
  readonly text: string;
  /** Undefined for a file that does not exist. */
  readonly mode: number | undefined;
}

/**
 * Reads a settings file, if it is one that Callguard may replace. A link could lead into a folder that is shared, a file
 * under git would be published, and one with several names would lose them. `home`: links above it are the
 * system's. `own`: the user's number, which Windows does not have.
 */
export async function readSettingsFile(
  file: string,
  home: string,
  own = process.getuid?.(),
): Promise<Result<SettingsFile, FileProblem>> {
  for (const part of partsBelow(file, home)) {
    const found = await orMissing(lstat(part));
    if (found === undefined) continue;
    if (found.isSymbolicLink()) return err('symlink');
    if (own !== undefined && found.uid !== own) return err('owner');
    if (part !== file) continue;
    if (!found.isFile()) return err('notFile');
    if (found.nlink > 1) return err('links');
    if (found.size > gatewayLimits.toolSettingsBytes) return err('tooLarge');
  }
  if (await isUnderGit(path.dirname(file))) return err('git');
  const found = await orMissing(stat(file));
  if (found === undefined) return ok({ file, text: '', mode: undefined });
  const text = decoded(await readFile(file));
  return text === undefined ? err('notText') : ok({ file, text, mode: found.mode & 0o777 });
}

/** Writes the text, unless the file has changed since it was read: then false. */
export async function writeSettingsFile(before: SettingsFile, text: string, home: string): Promise<boolean> {
  const now = await readSettingsFile(before.file, home);
  if (!now.ok || now.value.text !== before.text || now.value.mode !== before.mode) return false;
  await mkdir(path.dirname(before.file), { recursive: true, mode: folderOfUser });
  await replaceFile(before.file, text, before.mode ?? fileOfUser);
  return true;
}

/** Removes a file that Callguard made and that has nothing in it any more. */
export async function removeSettingsFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** The file and the folders that it is in, up to the home folder or, for one elsewhere, to the root. */
function partsBelow(file: string, home: string): string[] {
  const parts: string[] = [];
  for (let part = file; part !== home && part !== path.dirname(part); part = path.dirname(part))
    parts.unshift(part);
  return parts;
}

async function isUnderGit(folder: string): Promise<boolean> {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((await orMissing(lstat(path.join(at, '.git')))) !== undefined) return true;
    if (at === path.dirname(at)) return false;
  }
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function orMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, ['ENOENT'])) return undefined;
    throw error;
  }
}
