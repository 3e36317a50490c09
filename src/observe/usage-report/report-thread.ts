import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../shared/disposable.ts';
import type { ReportQuery } from './query.ts';
import type { ThreadData, ThreadMessage } from './report-thread-program.ts';

/**
 * The thread that reads reports. It starts at once, because that takes longer than a report, and restarts if it died.
 */
export class ReportThread implements Disposable {
  readonly #script: string;
  readonly #data: ThreadData;
  readonly #onMessage: (message: ThreadMessage) => void;
  #worker: Worker | undefined;

  constructor(script: string, data: ThreadData, onMessage: (message: ThreadMessage) => void) {
    this.#script = script;
    this.#data = data;
    this.#onMessage = onMessage;
    this.#worker = this.#start();
  }

  /** Every question is answered at least once. */
  ask(query: ReportQuery): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(query);
  }

  dispose(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { workerData: this.#data, execArgv: [] });
    const post = (message: ThreadMessage) => {
      if (this.#worker === worker) this.#onMessage(message);
    };
    worker.on('message', post);
    worker.once('error', (error) => {
      post({ kind: 'problem', error });
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}
