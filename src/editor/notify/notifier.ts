import { sleep, type Clock } from '../../shared/clock.ts';
import { english, type Wording } from '../../shared/l10n.ts';

export interface NoticeAction {
  /** The label of its button. */
  readonly label: string;
  readonly run: () => unknown;
}

export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: Wording;
  readonly actions: readonly NoticeAction[];
}

export interface NotifierOptions {
  /** Resolves when the message is closed, with the action that the user chose. */
  readonly show: (notice: Notice) => Promise<NoticeAction | undefined>;
  readonly clock: Clock;
  readonly log: { error(message: string, error: unknown): void };
}

/** A message that the user ignores must not hold back the others for long. */
const patienceMs = 5_000;

/**
 * Shows the messages that no command has asked for, one at a time. The caller sends one message per state; a
 * `ReportedStates` decides which states are news.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Returns at once. Failures are logged. */
  notify(notice: Notice): void {
    this.#turn = this.#turn.then(async () => {
      const closed = new AbortController();
      void this.#show(notice, closed);
      await sleep(this.#options.clock, patienceMs, closed.signal);
    });
  }

  async #show(notice: Notice, closed: AbortController): Promise<void> {
    const { show, log } = this.#options;
    try {
      const chosen = await show(notice);
      closed.abort();
      await chosen?.run();
    } catch (error) {
      closed.abort();
      log.error(`The notification '${notice.text(english)}' failed.`, error);
    }
  }
}
