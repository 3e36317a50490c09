import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod';

const ringSchema = z.strictObject({ v: z.literal(1), current: z.string(), previous: z.array(z.string()) });

/** What the ring file holds; the keys as `MasterKey.reveal` writes them. */
export type RingContent = z.infer<typeof ringSchema>;

/** The file as it is, or undefined when there is none. Throws for one that cannot be read or is damaged. */
export async function readRingFile(file: string): Promise<RingContent | undefined> {
  let text: string;
  try {
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  return ringSchema.parse(JSON.parse(text));
}

/**
 * Makes the file if there is none, and says whether it did. Of several windows that start at once one does, and
 * nobody ever reads half a file: it is written in full under another name, and linked to its own.
 */
export async function createRingFile(file: string, content: RingContent): Promise<boolean> {
  return await throughTemporary(file, content, async (temporary) => {
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
export async function replaceRingFile(file: string, content: RingContent): Promise<void> {
  await removeLeftovers(file);
  await throughTemporary(file, content, async (temporary) => {
    await fs.rename(temporary, file);
  });
}

async function throughTemporary<T>(
  file: string,
  content: RingContent,
  place: (temporary: string) => Promise<T>,
): Promise<T> {
  const folder = path.dirname(file);
  await fs.mkdir(folder, { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await fs.open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(content)}\n`);
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

/** What a killed window left behind holds master keys that may be retired by now. */
async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  for (const name of await fs.readdir(folder)) {
    if (name.startsWith(start) && name.endsWith('.tmp'))
      await fs.rm(path.join(folder, name), { force: true });
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
