import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../shared/disposable.ts';

/**
 * Commits of this window between two checkpoints, about a thousand pages. The first write after a checkpoint waits for
 * the disk, and a window that writes little never needs the thread, so do not choose less.
 */
export const commitsBetween = 400;
/** With this many pages in the log, SQLite itself makes the checkpoint, in case the thread cannot. */
const pagesAtMost = 20_000;
const pagesWithoutThread = 1_000;

/**
 * The program of the thread. It is text, so that the bundle stays one file. A passive checkpoint does not wait for other
 * connections, and they do not wait for it.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(workerData);
parentPort.on('message', () => { db.exec('PRAGMA wal_checkpoint(PASSIVE)'); });
parentPort.postMessage('ready');
`;

/**
 * Moves committed pages from the log into the file, in a thread. A checkpoint waits for the disk twice, which can take a
 * tenth of a second, and must not block the extension host.
 */
export class Checkpointer implements Disposable {
  readonly #db: DatabaseSync;
  #commits = 0;
  #thread: Worker | undefined;
  #failed = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  countCommit(): void {
    this.#commits += 1;
    if (this.#commits % commitsBetween !== 0 || this.#failed) return;
    this.#thread ??= this.#start();
    this.#thread.postMessage('checkpoint');
  }

  dispose(): void {
    void this.#thread?.terminate();
  }

  #start(): Worker {
    const file = String(this.#db.prepare('PRAGMA database_list').get()?.['file']);
    const thread = new Worker(program, { eval: true, workerData: file, execArgv: [] });
    thread.unref();
    thread.once('message', () => {
      this.#limitLog(pagesAtMost);
    });
    // The thread is an optimization: without it SQLite makes the checkpoints in this thread.
    thread.once('error', () => {
      this.#failed = true;
      this.#limitLog(pagesWithoutThread);
    });
    return thread;
  }

  #limitLog(pages: number): void {
    if (this.#db.isOpen) this.#db.exec(`PRAGMA wal_autocheckpoint = ${pages}`);
  }
}
