import type { Outcome } from '../../guard/outcome.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Disposable } from '../../shared/disposable.ts';
import type { OnlineCheck } from './machine-online.ts';
import type { Exchange } from './exchange.ts';

/** How long a name may take to resolve before the machine is asked whether it has a network at all. */
const askAfterMs = 1_000;

/**
 * A resolver that never answers would keep an attempt until its deadline, which is then taken for the provider's
 * silence. So the machine is asked in the meantime, and whoever ends the attempt finds the answer ready.
 */
export class SlowName implements Disposable {
  readonly #exchange: Exchange;
  readonly #host: string;
  readonly #timer: Disposable;
  #offline = false;

  constructor(exchange: Exchange, host: string, isOnline: OnlineCheck, clock: Clock) {
    this.#exchange = exchange;
    this.#host = host;
    this.#timer = clock.after(askAfterMs, () => {
      if (exchange.resolving) void this.#ask(isOnline);
    });
  }

  /** That there is no network, if that is why the name has not been resolved until now. */
  get trouble(): Outcome | undefined {
    if (!this.#offline || !this.#exchange.resolving) return undefined;
    return {
      kind: 'offline',
      problem: (l10n) => l10n.t('no DNS server answers for {0}', this.#host),
    };
  }

  dispose(): void {
    this.#timer.dispose();
  }

  async #ask(isOnline: OnlineCheck): Promise<void> {
    this.#offline = !(await isOnline(this.#host));
  }
}
