import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../shared/disposable.ts';

/**
 * Commits of this window between two checkpoints, some thousand pages. Not fewer, as the first write after each
 * waits for the disk once, and a window that writes little never needs a thread.
 */
export const commitsBetween = 400;
/** Pages of the log after which SQLite checkpoints by itself after all, should the thread be unable to. */
const pagesAtMost = 20_000;
const pagesWithoutThread = 1_000;

/**
 * The thread's program: as text, so that the bundle stays one file. A passive checkpoint waits for nobody, and
 * nobody waits for it.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(workerData);
parentPort.on('message', () => { db.exec('PRAGMA wal_checkpoint(PASSIVE)'); });
parentPort.postMessage('ready');
`;

/**
 * Moves what was committed from the log into the file, in a thread of its own: it waits for the disk twice, which can
 * take a tenth of a second, and the extension host must not.
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
    // It is only here for speed: without it, SQLite does the same in this thread.
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
