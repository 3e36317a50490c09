import { randomUUID } from 'node:crypto';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';

/** The mode of a file of one user. */
export const fileOfUser = 0o600;
/** The mode of a folder for files of one user. */
export const folderOfUser = 0o700;
/** The pauses between attempts, about 2 s in total. */
const pausesMs = [10, 20, 40, 80, 150, 200, 300, 400, 400, 400];
/** The errors of Windows while a virus scanner or an indexer has a file open. */
const heldOpen = ['EPERM', 'EBUSY', 'EACCES'];
/** The errors of a file system that does not support an operation. */
const unsupported = ['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/** The file's text, or undefined if there is no file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await patientlyRead(() => fs.readFile(file, 'utf8'));
  } catch (error) {
    if (hasCode(error, ['ENOENT'])) return undefined;
    throw error;
  }
}

/**
 * Creates the file with mode 0600, and its folder with mode 0700, if there is none, and returns whether it did. If several windows start
 * at once, only one creates it. No window reads half a file, because the file is written under another name and then
 * linked.
 */
export async function createFile(file: string, text: string): Promise<boolean> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: folderOfUser });
  return await throughTemporary(file, text, fileOfUser, async (temporary) => {
    try {
      await fs.link(temporary, file);
      return true;
    } catch (error) {
      // A file system without hard links: EISDIR on exFAT, EACCES in Termux, EINVAL or EPERM on others.
      return !hasCode(error, ['EEXIST']) && (await writeNew(file, text));
    }
  });
}

/**
 * Replaces the file atomically: after a crash it is either the old or the new one. Rejects if its folder does not exist.
 * `content`: the whole text, or its parts in order. `mode`: who may read the file.
 */
export async function replaceFile(
  file: string,
  content: string | Iterable<string>,
  mode = fileOfUser,
): Promise<void> {
  await throughTemporary(file, content, mode, (temporary) => patiently(() => fs.rename(temporary, file)));
}

/** Repeats `work` for up to 2 s while Windows refuses it because another program has the file open, as for a rename. */
export async function patiently<T>(work: () => T | Promise<T>, codes = heldOpen): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, codes)) throw error;
    }
    await setTimeout(pauseMs);
  }
  return await work();
}

/** The same for opening a file that another window may be replacing. EACCES is then a right that the user lacks. */
export function patientlyRead<T>(open: () => Promise<T>): Promise<T> {
  return patiently(open, ['EPERM', 'EBUSY']);
}

/** Whether Windows reports this error because another program has the file open. */
export function isHeldOpen(error: unknown): boolean {
  return hasCode(error, heldOpen);
}

/** Temporary copies of this file that crashed windows left behind. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  for (const name of await fs.readdir(folder)) {
    if (name.startsWith(start) && name.endsWith('.tmp'))
      await patiently(() => fs.rm(path.join(folder, name), { force: true }));
  }
}

/** Writes the file to disk if its file system supports that. */
export async function syncFile(handle: FileHandle): Promise<void> {
  await handle.sync().catch(unlessUnsupported);
}

async function throughTemporary<T>(
  file: string,
  content: string | Iterable<string>,
  mode: number,
  place: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  let placed: T;
  try {
    await write(temporary, content, mode);
    placed = await place(temporary);
  } finally {
    // A scanner may still have it open. Then the result stands, and `removeLeftovers` removes the copy.
    await patiently(() => fs.rm(temporary, { force: true })).catch(() => undefined);
  }
  await syncFolder(path.dirname(file));
  return placed;
}

/** Without hard links, only an exclusive open can claim the name. */
async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await write(file, text, fileOfUser);
    return true;
  } catch (error) {
    if (hasCode(error, ['EEXIST'])) return false;
    await fs.rm(file, { force: true });
    throw error;
  }
}

/** Rejects with EEXIST if the file exists. */
async function write(file: string, content: string | Iterable<string>, mode: number): Promise<void> {
  const handle = await fs.open(file, 'wx', mode);
  try {
    await handle.writeFile(content);
    // The umask may have removed some of the mode's bits.
    if (mode !== fileOfUser) await handle.chmod(mode).catch(unlessUnsupported);
    await syncFile(handle);
  } finally {
    await handle.close();
  }
}

/**
 * A rename is durable only after its folder is synced. Windows and some file systems cannot do that. The file is in place
 * by then, so an error here must not report the write as failed.
 */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await fs.open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}

function unlessUnsupported(error: unknown): void {
  if (!hasCode(error, unsupported)) throw error;
}

/** Whether the error is one of Node.js with one of these codes. */
export function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
