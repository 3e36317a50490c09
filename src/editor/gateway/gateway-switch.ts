import { wantGateway } from '../../ledger/manual-overrides.ts';
import type { GatewayState } from '../../ledger/tables/gateway-table.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { sleep, type Clock } from '../../shared/clock.ts';
import { DisposableStore, type Disposable } from '../../shared/disposable.ts';
import { LastingTrouble } from '../../shared/lasting-trouble.ts';
import type { Log } from '../log.ts';
import type { EditorSettings, Settings } from '../editor-settings.ts';

/** More than a window takes to load the gateway, or to be sure that it cannot serve. */
const patienceMs = 10_000;
/** How soon a window tries again to take part that could not, as when the ledger was locked just then. */
const againMs = 5_000;

/** This window's part in the gateway. */
export interface GatewayPart {
  /** Something in the ledger has changed. */
  update(): void;
  /** Takes nothing new, and resolves when what was under way has ended. */
  stop(): Promise<void>;
}

export interface GatewaySwitchOptions {
  /** Rejects where the ledger cannot be opened. */
  readonly ledger: Promise<LedgerStore>;
  readonly settings: Pick<EditorSettings, 'onDidChange'> & {
    readonly current: Pick<Settings, 'gatewayPort'>;
  };
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
  /** Loads the gateway's code and takes part in it on this port. */
  readonly takePart: (port: number) => Promise<GatewayPart>;
}

/**
 * Takes part in the gateway while it is wanted, which the ledger knows for all windows and sessions. Nothing of the
 * gateway itself is loaded before.
 */
export class GatewaySwitch implements Disposable {
  readonly #options: GatewaySwitchOptions;
  readonly #owned = new DisposableStore();
  /** Of the gateway in which this window takes part, or is about to; undefined for none. */
  #port: number | undefined;
  #part: GatewayPart | undefined;
  #turning: Promise<void> = Promise.resolve();
  #again: Disposable | undefined;
  readonly #trouble = new LastingTrouble();
  #ended = false;

  constructor(options: GatewaySwitchOptions) {
    this.#options = options;
    options.ledger.then(
      (store) => {
        const look = () => {
          this.#look(store.gateway.state());
        };
        this.#owned.add(store.onDidChange(look));
        this.#owned.add(options.settings.onDidChange(look));
        look();
      },
      // Told by whoever opens it.
      () => undefined,
    );
  }

  /** Wants the gateway in all windows, and says what became of it. */
  async start(): Promise<GatewayState> {
    const store = await this.#options.ledger;
    await wantGateway(store, true);
    return await settled(store, this.#options.clock);
  }

  async stop(): Promise<void> {
    await wantGateway(await this.#options.ledger, false);
    await this.#turning;
  }

  /** Leaves the gateway to other windows. */
  async shutDown(): Promise<void> {
    this.dispose();
    this.#turnTo(undefined);
    await this.#turning;
  }

  dispose(): void {
    this.#ended = true;
    this.#again?.dispose();
    this.#owned.dispose();
  }

  #look({ kind }: GatewayState): void {
    if (this.#ended) return;
    const port = kind === 'off' ? undefined : this.#options.settings.current.gatewayPort;
    if (port === this.#port) this.#part?.update();
    else this.#turnTo(port);
  }

  #turnTo(port: number | undefined): void {
    this.#port = port;
    this.#again?.dispose();
    this.#turning = this.#turning
      .then(async () => {
        const before = this.#part;
        this.#part = undefined;
        await before?.stop();
        if (port !== undefined && port === this.#port) this.#part = await this.#options.takePart(port);
        this.#trouble.over();
      })
      .catch((error: unknown) => {
        if (this.#trouble.isNews(String(error)))
          this.#options.log.error('The gateway could not be started or stopped.', error);
        if (port !== undefined && port === this.#port) this.#turnAgain(port);
      });
  }

  #turnAgain(port: number): void {
    if (this.#ended) return;
    this.#again?.dispose();
    this.#again = this.#options.clock.after(againMs, () => {
      if (this.#part === undefined && port === this.#port) this.#turnTo(port);
    });
  }
}

/** The state once some window has spoken, or after a while in which none has. */
async function settled(store: LedgerStore, clock: Clock): Promise<GatewayState> {
  const spoken = new AbortController();
  const subscription = store.onDidChange(() => {
    if (store.gateway.state().kind !== 'starting') spoken.abort();
  });
  if (store.gateway.state().kind === 'starting') await sleep(clock, patienceMs, spoken.signal);
  subscription.dispose();
  return store.gateway.state();
}
