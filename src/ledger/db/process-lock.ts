import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-error.ts';

/**
 * What one process of this machine has at a time. It is the operating system's own lock on a file, as SQLite takes it
 * for a transaction: holding it writes nothing, no clock can be wrong about it, and it is free in the moment in which
 * its process dies, however that dies. A lease in the ledger would cost a write each beat, and each of them would
 * make every window look what has changed.
 */
export class ProcessLock {
  readonly #file: string;
  #open: { readonly db: DatabaseSync; readonly file: bigint | undefined; locked: boolean } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes it, or finds that it is still this one's; false while another has it. Waits for nobody. */
  async take(): Promise<boolean> {
    this.#open ??= await this.#openFile();
    const open = this.#open;
    try {
      // Nothing is ever written, so a journal beside the file would stay empty.
      if (!open.locked) open.db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      open.locked = true;
    } catch (error) {
      if (isBusy(error)) return false;
      this.free();
      throw error;
    }
    if (this.#identity() === open.file) return true;
    // The file is gone, or another one by now, which is what whoever comes next will lock.
    this.free();
    return false;
  }

  /** Gives it back, if it has it. */
  free(): void {
    // Ends the transaction, in which nothing was written.
    this.#open?.db.close();
    this.#open = undefined;
  }

  async #openFile() {
    // Dynamic, as in `openLedger`, which says what is missing where there is none.
    const { DatabaseSync } = await import('node:sqlite');
    await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    const db = new DatabaseSync(this.#file, { timeout: 0 });
    return { db, file: this.#identity(), locked: false };
  }

  #identity(): bigint | undefined {
    return statSync(this.#file, { bigint: true, throwIfNoEntry: false })?.ino;
  }
}
