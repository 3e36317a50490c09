import { statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isBusy, isDamage } from './sqlite-error.ts';

/**
 * A lock that one process of this machine can have at a time. It is the operating system's lock on a file, which SQLite
 * takes for a transaction: holding it writes nothing and depends on no clock, and it is free as soon as its process
 * dies. A lease in the ledger would need regular writes, and every window would react to each of them.
 */
export class ProcessLock {
  readonly #file: string;
  #open: { readonly db: DatabaseSync; readonly file: bigint | undefined; locked: boolean } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes the lock, or confirms that this process has it. False if another process has it. Does not wait. */
  async take(): Promise<boolean> {
    this.#open ??= await this.#openFile();
    const open = this.#open;
    try {
      // Nothing is ever written, so there is no need of a journal file.
      if (!open.locked) open.db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      open.locked = true;
    } catch (error) {
      if (isBusy(error)) return false;
      this.free();
      if (!isDamage(error)) throw error;
      // No process can lock such a file, and nothing in it is worth keeping. The next try makes another one.
      await rm(this.#file, { force: true });
      return false;
    }
    if (this.#identity() === open.file) return true;
    // The file was deleted or replaced. Another process would lock the new file.
    this.free();
    return false;
  }

  /** Frees the lock, if this process has it. */
  free(): void {
    // This ends the transaction, which wrote nothing.
    this.#open?.db.close();
    this.#open = undefined;
  }

  async #openFile() {
    // Dynamic, as in `openLedger`, which reports a missing SQLite.
    const { DatabaseSync } = await import('node:sqlite');
    await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    const db = new DatabaseSync(this.#file, { timeout: 0 });
    return { db, file: this.#identity(), locked: false };
  }

  #identity(): bigint | undefined {
    return statSync(this.#file, { bigint: true, throwIfNoEntry: false })?.ino;
  }
}
