import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import process from 'node:process';
import { cacheFolder, inCache } from './paths.ts';

/**
 * A folder of the cache, filled by `fill` if it is not there yet.
 *
 * It is filled under another name and then renamed, so that a half-finished one is never taken for a finished one.
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = inCache(name);
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  await removeAbandoned();
  const unfinished = await mkdtemp(inCache(`unfinished-${process.pid}-`));
  try {
    await fill(unfinished);
    await rename(unfinished, folder);
  } catch (failure) {
    await rm(unfinished, { recursive: true, force: true });
    // Somebody else may have finished the same folder first.
    if (!(await exists(folder))) throw failure;
  }
  return folder;
}

export async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return false;
    throw failure;
  }
}

/** Removes what processes that are gone have left unfinished. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const pid = /^unfinished-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(inCache(name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (failure) {
    return failure instanceof Error && 'code' in failure && failure.code === 'EPERM';
  }
}
