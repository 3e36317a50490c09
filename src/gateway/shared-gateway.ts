import { sleep, type Clock } from '../shared/clock.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import { LastingTrouble } from '../shared/lasting-trouble.ts';
import type { Gateway } from './gateway.ts';
import type { StartProblem } from './start-problem.ts';

/** What one window has at a time, over all windows of this machine. It is free as soon as its window has died. */
export interface GatewayLock {
  /** Takes it, or finds that it is still one's own; false while another window has it. */
  take(): Promise<boolean>;
  /** Gives it back, if it is one's own. */
  free(): void;
}

/** What this window does for the gateway. */
export type GatewayRole =
  | { readonly kind: 'serving'; readonly port: number }
  | { readonly kind: 'standingBy' }
  | { readonly kind: 'failing'; readonly problem: StartProblem };

export interface SharedGatewayOptions {
  /** A new one each time, as a gateway starts once; all of them on the same port. */
  readonly create: () => Gateway;
  readonly lock: GatewayLock;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

/** How soon another window serves after the one before. */
const beatMs = 400;

/**
 * The gateway of all windows: one serves, at the address that they share, and the others stand by to take over. A
 * window that loses the lock stops serving before it may try again.
 */
export class SharedGateway {
  readonly #options: SharedGatewayOptions;
  readonly #changed = new Emitter<GatewayRole>();
  readonly #leaving = new AbortController();
  readonly #running: Promise<void>;
  #serving: Gateway | undefined;
  readonly #trouble = new LastingTrouble();
  #role: GatewayRole = { kind: 'standingBy' };

  constructor(options: SharedGatewayOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get role(): GatewayRole {
    return this.#role;
  }

  get onDidChange(): Event<GatewayRole> {
    return this.#changed.event;
  }

  /** Stops serving, if this window does, and leaves the rest to another. */
  async stop(): Promise<void> {
    this.#leaving.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { lock, clock, onTrouble } = this.#options;
    while (!this.#leaving.signal.aborted) {
      try {
        await this.#beat(await lock.take());
        this.#trouble.over();
      } catch (error) {
        if (this.#trouble.isNews(String(error))) onTrouble(error);
        // Nobody knows who has it now, so it is not ours.
        await this.#beat(false);
      }
      await sleep(clock, beatMs, this.#leaving.signal);
    }
    await this.#handOver();
  }

  async #beat(isOurs: boolean): Promise<void> {
    if (isOurs && this.#serving === undefined) await this.#serve();
    else if (!isOurs && this.#serving !== undefined) {
      const lost = this.#serving;
      this.#serving = undefined;
      this.#become({ kind: 'standingBy' });
      await lost.stop();
    }
  }

  async #serve(): Promise<void> {
    const gateway = this.#options.create();
    const started = await gateway.start();
    if (started.ok) {
      this.#serving = gateway;
      this.#become({ kind: 'serving', port: started.value.port });
    } else {
      // The window before may not have let go of the port yet; what is told changes only with the problem.
      this.#become({ kind: 'failing', problem: started.error });
    }
  }

  /** The port is free at once, so the next window need not wait for the calls that still end here. */
  async #handOver(): Promise<void> {
    const stopped = this.#serving?.stop();
    this.#serving = undefined;
    this.#become({ kind: 'standingBy' });
    this.#options.lock.free();
    await stopped;
  }

  #become(role: GatewayRole): void {
    if (JSON.stringify(role) === JSON.stringify(this.#role)) return;
    this.#role = role;
    this.#changed.fire(role);
  }
}
