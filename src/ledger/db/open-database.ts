import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fileOfUser, folderOfUser, isHeldOpen, patiently } from '../../shared/atomic-file.ts';
import { sleep, type Clock } from '../../shared/clock.ts';
import { makePrivate } from '../../vault/private-file.ts';
import { migrations, type Migration } from './schema.ts';
import { LedgerError } from './ledger-error.ts';
import { loadSqlite } from './load-sqlite.ts';
import { describeSqliteError, driveAdvice, isBusy, isDamage } from './sqlite-error.ts';

export interface OpenLedger {
  readonly db: DatabaseSync;
  /** The new path of a damaged ledger, if there was one. Its counts are not in the new ledger. */
  readonly setAside: string | undefined;
}

/** How long a window waits for others that open the ledger at the same time. */
const openPatienceMs = 5_000;
const pauseMs = 20;

/**
 * Opens the ledger, creates it if there is none, and upgrades its schema, with a backup before each step. A damaged
 * file is renamed, never emptied. Throws a LedgerError that says what to do.
 */
export async function openLedger(file: string, clock: Clock, steps = migrations): Promise<OpenLedger> {
  const { DatabaseSync } = await loadSqlite();
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: folderOfUser });
    await keepFolderPrivate(file);
  } catch (error) {
    throw asLedgerError(error, file);
  }
  const open = async (): Promise<DatabaseSync> => {
    const db = new DatabaseSync(file, { timeout: 0 });
    try {
      useWal(db);
      db.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      checkIntegrity(db);
      await migrate(db, file, steps);
      await keepFilesPrivate(file);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
  const found = fileIdentity(file);
  try {
    return { db: await whenFree(open, clock), setAside: undefined };
  } catch (error) {
    if (!(error instanceof DamagedError || isDamage(error))) throw asLedgerError(error, file);
  }
  try {
    const setAside = await patiently(() => setFileAside(file, found, clock));
    return { db: await whenFree(open, clock), setAside };
  } catch (error) {
    throw isHeldOpen(error) ? heldOpenError(error, file) : asLedgerError(error, file);
  }
}

/** What else is in the ledger's folder, beside the database and the files that are named after it. */
const otherFiles = ['gateway.lock', 'terminals'];

/** Takes the rights of others to the folder away, unless it has other files: then the user chose it for more than this. */
async function keepFolderPrivate(file: string): Promise<void> {
  const folder = path.dirname(file);
  const ours = [path.basename(file), ...otherFiles];
  const names = await readdir(folder);
  if (names.every((name) => ours.some((start) => name.startsWith(start))))
    await makePrivate(folder, folderOfUser);
}

async function keepFilesPrivate(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm'])
    if (fs.existsSync(file + suffix)) await makePrivate(file + suffix, fileOfUser);
}

class DamagedError extends Error {}

function asLedgerError(error: unknown, file: string): unknown {
  if (error instanceof LedgerError || !(error instanceof Error)) return error;
  return new LedgerError(
    `${path.basename(file)} in ${path.dirname(file)} cannot be opened: ${describeSqliteError(error)}`,
    { cause: error },
  );
}

/** Windows does not move a file that another process has open. */
function heldOpenError(cause: unknown, file: string): LedgerError {
  return new LedgerError(
    `${path.basename(file)} in ${path.dirname(file)} is damaged, and other windows have it open. Close the other windows`,
    { cause },
  );
}

/** Windows share the ledger through the shared memory of a write-ahead log, which most network drives do not support. */
function useWal(db: DatabaseSync): void {
  const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
  // SQLite keeps the mode that it had, and reports no error.
  if (mode !== 'wal') throw new Error(`it does not support a write-ahead log. ${driveAdvice}`);
}

/**
 * Checks all tables that caps and circuits depend on. It skips the audit trail, which may be a hundred times larger: the
 * editor would wait for it at each start, and `verifyAudit` finds more.
 */
function checkIntegrity(db: DatabaseSync): void {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('audit', 'audit_row')")
    .all();
  for (const { name } of tables) {
    const row = db.prepare(`PRAGMA quick_check('${String(name)}')`).get();
    if (row?.['quick_check'] !== 'ok') throw new DamagedError(String(row?.['quick_check']));
  }
}

/** Undefined if there is no such file. */
function fileIdentity(file: string): bigint | undefined {
  return fs.statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** Windows that start together find the same damage. Only the first may rename the file, as the next file is sound. */
function setFileAside(file: string, damaged: bigint | undefined, clock: Clock): string | undefined {
  if (fileIdentity(file) !== damaged) return undefined;
  const stamp = new Date(clock.nowMs()).toISOString().replaceAll(':', '-');
  const aside = `${file}.damaged-${stamp}`;
  const moved: string[] = [];
  try {
    for (const suffix of ['', '-wal', '-shm']) {
      if (!fs.existsSync(file + suffix)) continue;
      fs.renameSync(file + suffix, aside + suffix);
      moved.push(suffix);
    }
  } catch (error) {
    // Move all or none: SQLite would read a log that stayed behind into the new ledger.
    for (const suffix of moved) fs.renameSync(aside + suffix, file + suffix);
    throw error;
  }
  return aside;
}

async function migrate(db: DatabaseSync, file: string, steps: readonly Migration[]): Promise<void> {
  const newest = steps.at(-1)?.version ?? 0;
  const found = versionOf(db);
  if (found > newest) {
    throw new LedgerError(
      `it was written by a newer version of Callguard (schema ${found}; this version supports ${newest}); update Callguard`,
    );
  }
  for (const step of steps) {
    if (versionOf(db) >= step.version) continue;
    if (found > 0) await backUp(db, file, step.version);
    db.exec('BEGIN IMMEDIATE');
    try {
      // Another window may have been faster.
      if (versionOf(db) < step.version) {
        db.exec(step.sql);
        db.exec(`PRAGMA user_version = ${step.version}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
}

/**
 * Tries until no other window has a lock. SQLite's own wait would block the extension host, and SQLite does not wait at
 * all if two connections turn WAL on at the same moment.
 */
async function whenFree<T>(attempt: () => Promise<T>, clock: Clock): Promise<T> {
  const giveUpMs = clock.monotonicMs() + openPatienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || clock.monotonicMs() > giveUpMs) throw error;
    }
    await sleep(clock, pauseMs);
  }
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** `callguard.db.before-2` is the ledger before the step to schema 2. It stays until the user deletes it. */
async function backUp(db: DatabaseSync, file: string, version: number): Promise<void> {
  // Other windows may back up the same ledger at the same time, so each writes its own file. All copies are equal.
  const unfinished = `${file}.before-${version}.${randomUUID()}`;
  try {
    db.prepare('VACUUM INTO ?').run(unfinished);
    await patiently(() => {
      fs.renameSync(unfinished, `${file}.before-${version}`);
    });
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
