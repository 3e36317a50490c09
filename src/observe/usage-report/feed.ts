import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { DisposableStore, type Disposable } from '../../shared/disposable.ts';
import type { ReportQuery, ReportSettings, UsageView } from './query.ts';
import { ReportThread } from './report-thread.ts';
import type { ThreadMessage } from './report-thread-program.ts';

export interface FeedOptions {
  readonly store: LedgerStore;
  /** The ledger's file. */
  readonly file: string;
  /** The path of the thread's program. */
  readonly script: string;
  readonly settings: () => ReportSettings;
  readonly clock: Clock;
  readonly onMessage: (message: ThreadMessage) => void;
}

/** A busy ledger changes many times a second. Nobody can read that fast. */
const refreshEveryMs = 1_000;

/** Sends reports of one view: the first at once, then one after each change. */
export class UsageFeed implements Disposable {
  readonly #options: FeedOptions;
  readonly #thread: ReportThread;
  readonly #owned = new DisposableStore();
  #view: UsageView | undefined;
  #askedAtMs = -Infinity;
  /** Sends no new question before the answer, so that the thread does not fall behind. */
  #waits = false;
  #changed = false;
  #refresh: Disposable | undefined;
  #bucketEnd: Disposable | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { store, script, file } = options;
    this.#thread = this.#owned.add(
      new ReportThread(script, { file, zone: store.days.zone }, (message) => {
        this.#answered(message);
      }),
    );
    this.#owned.add(
      store.onDidChange(() => {
        this.refreshSoon();
      }),
    );
  }

  show(view: UsageView): void {
    this.#view = view;
    this.#ask(view);
  }

  /** Reads nothing until the next `show`, because the page is hidden. */
  pause(): void {
    this.#view = undefined;
    this.#refresh?.dispose();
    this.#refresh = undefined;
    this.#bucketEnd?.dispose();
  }

  /** Call it when something in the report has changed. */
  refreshSoon(): void {
    if (this.#view === undefined) return;
    if (this.#waits) {
      this.#changed = true;
      return;
    }
    const waitMs = Math.max(0, this.#askedAtMs + refreshEveryMs - this.#options.clock.monotonicMs());
    this.#refresh ??= this.#options.clock.after(waitMs, () => {
      this.#refresh = undefined;
      if (this.#view !== undefined) this.#ask(this.#view);
    });
  }

  dispose(): void {
    this.pause();
    this.#owned.dispose();
  }

  #ask(view: UsageView): void {
    const { store, settings, clock } = this.#options;
    this.#waits = true;
    this.#changed = false;
    this.#askedAtMs = clock.monotonicMs();
    const query: ReportQuery = { ...store.now(), view, settings: settings() };
    this.#thread.ask(query);
  }

  #answered(message: ThreadMessage): void {
    this.#waits = false;
    if (this.#view === undefined) return;
    this.#options.onMessage(message);
    if (message.kind === 'report') {
      const { buckets, nowMs } = message.report;
      const endMs = buckets.at(-1)?.toMs ?? nowMs;
      this.#bucketEnd?.dispose();
      // A new hour or day begins although nothing is written.
      this.#bucketEnd = this.#options.clock.after(endMs - nowMs, () => {
        this.refreshSoon();
      });
    }
    if (this.#changed) this.refreshSoon();
  }
}
