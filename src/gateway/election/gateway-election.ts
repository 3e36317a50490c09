import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { GatewayReport, GatewayState } from '../../ledger/readers.ts';
import { sleep, type Clock } from '../../shared/clock.ts';
import { DisposableStore, type Disposable } from '../../shared/disposable.ts';
import { Emitter, type Event } from '../../shared/emitter.ts';
import type { Log } from '../../shared/log.ts';
import { ReportedStates } from '../../shared/reported-states.ts';
import { logMessage, reportOf, type GatewayRole, type GatewayServer } from './gateway-role.ts';

/** Only one window of this machine can hold it. The system releases it when the window's process ends. */
export interface GatewayLock {
  /** Takes the lock, or confirms that this window still has it; false while another window has it. */
  take(): Promise<boolean>;
  /** Releases the lock if this window has it. */
  free(): void;
}

/** The code that a window needs to take part. It is loaded only once the gateway is wanted. */
export interface LoadedGateway {
  readonly lock: GatewayLock;
  /** A server starts once, so each start needs another one. */
  readonly create: (port: number) => GatewayServer;
}

/** The one row that all windows share: whether the gateway is wanted, and what its server reports. */
export interface GatewayRow {
  state(): GatewayState;
  readonly onDidChange: Event<undefined>;
  want(wanted: boolean): Promise<void>;
  /** Without a report, removes what this owner reported before, unless another owner has reported since. */
  report(owner: string, report: GatewayReport | undefined): Promise<void>;
}

export interface ElectionOptions {
  readonly row: GatewayRow;
  readonly settings: {
    readonly current: { readonly gatewayPort: number };
    readonly onDidChange: Event<undefined>;
  };
  readonly load: () => Promise<LoadedGateway>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/** How soon a window notices that the previous window has gone. */
const heartbeatMs = 400;
/** How soon a window tries again to load, for example after the ledger was locked. */
const reloadMs = 5_000;
/** The previous window may release the port a moment after the lock. */
const portPatienceMs = 1_000;
/** Longer than a window needs to load the gateway and to report. */
const reportPatienceMs = 10_000;

/**
 * Decides which window serves the gateway. The ledger keeps, for all windows and sessions, whether the gateway is
 * wanted. While it is, the window with the lock serves and the others stand by. A window that loses the lock stops
 * serving before it tries again.
 */
export class GatewayElection implements Disposable {
  readonly #options: ElectionOptions;
  readonly #owner = randomUUID();
  readonly #owned = new DisposableStore();
  readonly #changed = new Emitter<GatewayRole>();
  readonly #troubles = new ReportedStates();
  #role: GatewayRole = { kind: 'off' };
  /** The port of the current term; undefined while the gateway is not wanted. */
  #port: number | undefined;
  #term = new AbortController();
  #terms: Promise<void> = Promise.resolve();
  /** The report that this window last wrote into the row. */
  #reported: GatewayReport | undefined;
  #reporting: Promise<void> = Promise.resolve();
  #isDisposed = false;

  readonly #logTrouble = (error: unknown): void => {
    this.#options.log.error('The gateway reported an error.', error);
  };

  constructor(options: ElectionOptions) {
    this.#options = options;
    const follow = () => {
      this.#follow();
    };
    this.#owned.add(options.row.onDidChange(follow));
    this.#owned.add(options.settings.onDidChange(follow));
    follow();
  }

  get role(): GatewayRole {
    return this.#role;
  }

  get onDidChange(): Event<GatewayRole> {
    return this.#changed.event;
  }

  /** Starts the gateway for all windows. Returns its state once a window has reported, or after 10 s. */
  async start(): Promise<GatewayState> {
    const { clock, row } = this.#options;
    await row.want(true);
    const reported = new AbortController();
    const subscription = row.onDidChange(() => {
      if (row.state().kind !== 'starting') reported.abort();
    });
    if (row.state().kind === 'starting') await sleep(clock, reportPatienceMs, reported.signal);
    subscription.dispose();
    return row.state();
  }

  /** Stops the gateway for all windows. Resolves when the calls in progress in this window have ended. */
  async stop(): Promise<void> {
    await this.#options.row.want(false);
    await this.#terms;
  }

  /** Leaves the gateway to other windows. Resolves when the calls in progress here have ended. */
  async shutDown(): Promise<void> {
    this.dispose();
    await this.#terms;
    await this.#reporting;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#owned.dispose();
    this.#term.abort();
  }

  #follow(): void {
    if (this.#isDisposed) return;
    const { row, settings } = this.#options;
    const state = row.state();
    const port = state.kind === 'off' ? undefined : settings.current.gatewayPort;
    if (port === this.#port) {
      // Another window may have stopped and started the gateway in between.
      if (!this.#isReported(state)) this.#report();
      return;
    }
    this.#port = port;
    this.#term.abort();
    if (port === undefined) return;
    const { signal } = (this.#term = new AbortController());
    this.#terms = this.#terms.then(() => this.#takePart(port, signal)).catch(this.#logTrouble);
  }

  /** One term: from when the gateway is wanted on this port until it no longer is. */
  async #takePart(port: number, signal: AbortSignal): Promise<void> {
    const isOver = () => signal.aborted;
    if (isOver()) return;
    this.#become({ kind: 'starting' });
    let loaded: LoadedGateway | undefined;
    while (!isOver()) {
      try {
        loaded ??= await this.#options.load();
        if (isOver()) break;
        if (await loaded.lock.take()) await this.#serve(loaded.create, port);
        else await this.#standBy();
        this.#troubles.update([]);
      } catch (error) {
        if (this.#troubles.update([String(error)]).length > 0) this.#logTrouble(error);
        // This window does not know which window has the lock now. The log must not say that another one serves.
        await this.#stopServing();
        this.#become({ kind: 'starting' });
      }
      await sleep(this.#options.clock, loaded === undefined ? reloadMs : heartbeatMs, signal);
    }
    const stopped = this.#stopServing();
    // The port is free already, so the next window need not wait for the calls that still end here.
    loaded?.lock.free();
    await stopped;
    this.#become({ kind: 'off' });
  }

  async #serve(create: LoadedGateway['create'], port: number): Promise<void> {
    const role = this.#role;
    if (role.kind === 'serving') return;
    const server = create(port);
    const started = await server.start();
    if (started.ok) {
      this.#become({ kind: 'serving', port: started.value.port, server });
      return;
    }
    const nowMs = this.#options.clock.monotonicMs();
    const sinceMs = 'sinceMs' in role ? role.sinceMs : nowMs;
    const kind = nowMs - sinceMs < portPatienceMs ? 'waitingForPort' : 'failing';
    this.#become({ kind, sinceMs, problem: started.error });
  }

  async #standBy(): Promise<void> {
    await this.#stopServing();
    this.#become({ kind: 'standingBy' });
  }

  async #stopServing(): Promise<void> {
    const role = this.#role;
    if (role.kind !== 'serving') return;
    const stopped = role.server.stop();
    this.#become({ kind: 'stopping' });
    await stopped;
  }

  #become(role: GatewayRole): void {
    if (isDeepStrictEqual(role, this.#role)) return;
    this.#role = role;
    const message = logMessage(role);
    if (message !== undefined) this.#options.log.info(message);
    this.#report();
    this.#changed.fire(role);
  }

  #report(): void {
    this.#reporting = this.#reporting.then(() => this.#writeReport()).catch(this.#logTrouble);
  }

  async #writeReport(): Promise<void> {
    const { row } = this.#options;
    if (this.#isReported(row.state())) return;
    const report = reportOf(this.#role);
    await row.report(this.#owner, report);
    this.#reported = report;
  }

  /** Whether the row has the report of this window. While the gateway is off, the row has no report. */
  #isReported(state: GatewayState): boolean {
    const report = reportOf(this.#role);
    const isShown = report === undefined || state.kind === 'off' || isDeepStrictEqual(report, state);
    return isShown && isDeepStrictEqual(report, this.#reported);
  }
}
