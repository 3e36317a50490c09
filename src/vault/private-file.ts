import type { Stats } from 'node:fs';
import fs, { constants, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileOfUser, folderOfUser, hasCode, patientlyRead } from '../shared/atomic-file.ts';

/** `writable`: other users can change it. `owner`: it belongs to another user. `kind`: it is neither file nor folder. */
export type Exposure = 'writable' | 'owner' | 'kind';

/** A file or folder that others may have changed. `command` fixes it in a shell. */
export class ExposedError extends Error {
  readonly path: string;
  readonly exposure: Exposure;
  readonly command: string;

  constructor(at: string, exposure: Exposure, command: string) {
    super(`${at} is exposed (${exposure})`);
    this.path = at;
    this.exposure = exposure;
    this.command = command;
  }
}

const forOthers = 0o077;
const writableByOthers = 0o022;
const sticky = 0o1000;
const root = 0;

/**
 * The text of a file that only its user may read or change; undefined if there is no file. It takes rights that others
 * have to the file and its folder away. Rejects with an ExposedError if others may have changed the file. Windows has
 * no such rights: there the profile folder protects the file.
 */
export async function readPrivateFile(file: string, mostBytes: number): Promise<string | undefined> {
  const uid = process.getuid?.();
  if (uid !== undefined) await checkFolder(path.dirname(file), uid);
  const handle = await openIfThere(file);
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new ExposedError(file, 'kind', `rm -r ${quoted(file)}`);
    if (uid !== undefined) await checkFile(file, handle, found, uid);
    if (found.size > mostBytes) throw new Error('the file is too long');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Takes the rights of others to a file or folder of this user away, where that is possible. */
export async function makePrivate(at: string, mode: number): Promise<void> {
  const uid = process.getuid?.();
  if (uid === undefined) return;
  const found = await fs.stat(at);
  if (found.uid === uid && (found.mode & forOthers) !== 0) await fs.chmod(at, mode).catch(unlessRefused);
}

/** Others may have had the right to write until now. Then a file that they put there belongs to them. */
async function checkFolder(folder: string, uid: number): Promise<void> {
  const found = await statIfThere(folder);
  if (found === undefined) return;
  if (found.uid !== uid) throw owned(folder);
  if ((found.mode & forOthers) === 0) return;
  await fs.chmod(folder, folderOfUser).catch(unlessRefused);
  if (isWritable(await fs.stat(folder)))
    throw new ExposedError(folder, 'writable', `chmod 700 ${quoted(folder)}`);
}

async function checkFile(file: string, handle: FileHandle, found: Stats, uid: number): Promise<void> {
  if (found.uid !== uid) throw owned(file);
  if ((found.mode & writableByOthers) !== 0)
    throw new ExposedError(file, 'writable', `chmod 600 ${quoted(file)}`);
  if ((found.mode & forOthers) !== 0) await handle.chmod(fileOfUser).catch(unlessRefused);
  if (!(await fs.lstat(file)).isSymbolicLink()) return;
  const real = path.dirname(await fs.realpath(file));
  // A link leads to a folder that Callguard did not make, so it only looks.
  const folder = await fs.stat(real);
  if (folder.uid !== uid && folder.uid !== root) throw owned(real);
  if (isWritable(folder)) throw new ExposedError(real, 'writable', `chmod go-w ${quoted(real)}`);
}

/** In a sticky folder, others can replace only their own files. */
function isWritable({ mode }: Stats): boolean {
  return (mode & writableByOthers) !== 0 && (mode & sticky) === 0;
}

function owned(at: string): ExposedError {
  return new ExposedError(at, 'owner', `sudo chown "$(id -un)" ${quoted(at)}`);
}

/** Does not wait for the writer of a pipe. Windows has no such flag, and no such pipes. */
async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await patientlyRead(() => fs.open(file, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    unlessMissing(error);
    return undefined;
  }
}

async function statIfThere(at: string): Promise<Stats | undefined> {
  try {
    return await fs.stat(at);
  } catch (error) {
    unlessMissing(error);
    return undefined;
  }
}

function unlessMissing(error: unknown): void {
  if (!hasCode(error, ['ENOENT'])) throw error;
}

/** A read-only file system, or one without such rights. */
function unlessRefused(error: unknown): void {
  if (!hasCode(error, ['EPERM', 'EACCES', 'EROFS', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'])) throw error;
}

/** A path as one word of a POSIX shell. */
function quoted(at: string): string {
  return `'${at.replaceAll("'", String.raw`'\''`)}'`;
}
