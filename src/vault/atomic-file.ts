import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** The file's text, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Makes the file if there is none, mode 0600, and says whether it did. Of several windows that start at once one
 * does, and nobody ever reads half a file: it is written in full under another name, and linked to its own.
 */
export async function createFile(file: string, text: string): Promise<boolean> {
  return await throughTemporary(file, text, async (temporary) => {
    try {
      await fs.link(temporary, file);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
    }
    // A file system without hard links (FAT, some network drives).
    try {
      await fs.copyFile(temporary, file, fs.constants.COPYFILE_EXCL);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  });
}

/** Replaces the file in one step: killed at any moment, it is the old one or the new one. Held lock assumed. */
export async function replaceFile(file: string, text: string): Promise<void> {
  await throughTemporary(file, text, async (temporary) => {
    await fs.rename(temporary, file);
  });
}

/** What killed windows left behind of this file. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  for (const name of await fs.readdir(folder)) {
    if (name.startsWith(start) && name.endsWith('.tmp'))
      await fs.rm(path.join(folder, name), { force: true });
  }
}

async function throughTemporary<T>(
  file: string,
  text: string,
  place: (temporary: string) => Promise<T>,
): Promise<T> {
  const folder = path.dirname(file);
  await fs.mkdir(folder, { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await fs.open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return await place(temporary);
  } finally {
    await fs.rm(temporary, { force: true });
    await syncFolder(folder);
  }
}

/** A rename lasts only once its folder is on disk. Windows has no such call and does without. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
