import { randomUUID } from 'node:crypto';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { replaceFile } from '../../shared/atomic-file.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { ReportedStates } from '../../shared/reported-states.ts';

export interface TextfileOptions {
  readonly store: LedgerStore;
  readonly clock: Clock;
  /** The path of the file, read each time; undefined for no file. */
  readonly file: () => string | undefined;
  /** The current metrics. */
  readonly text: () => Promise<string>;
  /** Called once per state: the same trouble with the same file is reported again only after a successful write. */
  readonly onTrouble: (file: string, error: unknown) => void;
}

const everyMs = 30_000;
/** A window that closes may leave its lease. The next window takes over after this time. */
const leaseMs = 45_000;
const leaseName = 'metrics-textfile';
/** The collector runs as another user. */
const readableByAll = 0o644;

/** Keeps a metrics file up to date for node_exporter's textfile collector, in one window at a time. */
export class Textfile implements Disposable {
  readonly #options: TextfileOptions;
  readonly #owner = randomUUID();
  #next: Disposable | undefined;
  #disposed = false;
  readonly #reported = new ReportedStates();

  constructor(options: TextfileOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** Writes the file now, for example because its path has changed. Never rejects: `onTrouble` gets the error. */
  async refresh(): Promise<void> {
    const { file: fileNow, text, onTrouble } = this.#options;
    const file = fileNow();
    if (file === undefined || this.#isOver()) return;
    try {
      if (!(await this.#isOurs())) return;
      await replaceFile(file, await text(), readableByAll);
      this.#reported.update([]);
    } catch (error) {
      // The window is closing, and the ledger with it.
      if (this.#isOver()) return;
      const trouble = `${file}\n${error instanceof Error ? error.message.replaceAll(uuid, '') : String(error)}`;
      if (this.#reported.update([trouble]).length > 0) onTrouble(file, error);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#next?.dispose();
  }

  #schedule(): void {
    this.#next = this.#options.clock.after(everyMs, () => {
      void this.refresh();
      if (!this.#disposed) this.#schedule();
    });
  }

  #isOver(): boolean {
    return this.#disposed;
  }

  #isOurs(): Promise<boolean> {
    const { store } = this.#options;
    return store.takeLease(leaseName, this.#owner, leaseMs);
  }
}

/** The temporary file has a different name each time. */
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
