import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** The file's text, or undefined if there is no file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Creates the file with mode 0600 if there is none, and returns whether it did. If several windows start at once, only
 * one creates it. No window reads half a file, because the file is written under another name and then linked.
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
    // The file system has no hard links (FAT, some network drives).
    try {
      await fs.copyFile(temporary, file, fs.constants.COPYFILE_EXCL);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  });
}

/** Replaces the file atomically: after a crash it is either the old or the new one. Call it under the lock. */
export async function replaceFile(file: string, text: string): Promise<void> {
  await throughTemporary(file, text, async (temporary) => {
    await fs.rename(temporary, file);
  });
}

/** Temporary copies of this file that crashed windows left behind. */
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

/** A rename is durable only after its folder is synced. Windows has no such call and does not need it. */
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
