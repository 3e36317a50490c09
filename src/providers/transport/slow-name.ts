import type { Outcome } from '../../guard/outcome.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Disposable } from '../../shared/disposable.ts';
import type { OnlineCheck } from './machine-online.ts';
import type { Exchange } from './http-exchange.ts';

/** How long a name lookup may take before the machine is asked whether it has a network. */
const askAfterMs = 1_000;

/**
 * A resolver that never answers would keep an attempt until its deadline, which would look like a silent provider. So
 * the machine is asked in the meantime, and the answer is ready when the attempt ends.
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

  /** Set if the name is still being looked up because there is no network. */
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
