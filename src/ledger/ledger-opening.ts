import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../shared/clock.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { Log } from '../shared/log.ts';
import type { Random } from '../shared/random.ts';
import { ReportedStates } from '../shared/reported-states.ts';
import type { KeyRing } from '../vault/key-ring.ts';
import { currentAuditKey } from './audit/audit-key.ts';
import type { WitnessStore } from './audit/audit-witness.ts';
import { systemZone } from './days.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import type { StartedLedger } from './start-ledger.ts';

export interface OpeningPorts {
  readonly file: string;
  readonly anchorFile: string;
  readonly ring: KeyRing;
  readonly secrets: WitnessStore;
  readonly settings: {
    readonly current: { readonly timeZone: string | undefined; readonly ledger: LedgerSettings };
  };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What the ledger gives, as of the latest attempt to open it. Rejects while it cannot be opened. */
export type Opened<T> = Pick<Promise<T>, 'then' | 'catch'>;

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/**
 * Opens the ledger of a window, and tries again while that fails: a virus scanner lets go of a file, a network drive
 * comes back, a disk gets room. Meanwhile every call is refused with the reason.
 */
export class LedgerOpening implements Disposable {
  readonly #ports: OpeningPorts;
  readonly #reported = new ReportedStates();
  #latest: Promise<StartedLedger>;
  #pauseMs = firstPauseMs;
  #waiting: Disposable | undefined;
  #open: (started: StartedLedger) => void = () => undefined;
  #disposed = false;

  /** Resolves once the ledger is open. Never rejects, and stays pending where it cannot be opened at all. */
  readonly opened = new Promise<StartedLedger>((resolve) => {
    this.#open = resolve;
  });

  constructor(ports: OpeningPorts) {
    this.#ports = ports;
    this.#latest = this.#attempt();
  }

  /** The latest attempt. */
  get latest(): Promise<StartedLedger> {
    return this.#latest;
  }

  /** What `read` makes of the open ledger. It is called once. */
  map<T>(read: (started: StartedLedger) => T | Promise<T>): Opened<T> {
    let known: Promise<T> | undefined;
    const now = () => this.#latest.then((started) => (known ??= Promise.resolve(read(started))));
    return {
      then: (resolved, rejected) => now().then(resolved, rejected),
      catch: (rejected) => now().catch(rejected),
    };
  }

  /** Ends the attempts. */
  dispose(): void {
    this.#disposed = true;
    this.#waiting?.dispose();
  }

  #attempt(): Promise<StartedLedger> {
    const attempt = open(this.#ports);
    attempt.then(
      (started) => {
        if (this.#waiting !== undefined) this.#ports.log.info('The ledger can be used again.');
        this.#open(started);
      },
      (error: unknown) => {
        if (this.#reported.update([String(error)]).length > 0)
          this.#ports.log.error('The ledger cannot be used, so every call is refused.', error);
        if (!this.#disposed) this.#tryLater();
      },
    );
    return attempt;
  }

  #tryLater(): void {
    this.#waiting = this.#ports.clock.after(this.#pauseMs, () => {
      this.#latest = this.#attempt();
    });
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }
}

/** Loads and opens the ledger in a later turn, and logs what it finds. */
async function open(ports: OpeningPorts): Promise<StartedLedger> {
  const { settings, log, ...others } = ports;
  // VS Code counts everything that loads before this turn as part of the activation.
  await setImmediate();
  const { startLedger } = await import('./start-ledger.ts');
  const auditKey = await currentAuditKey(ports.ring);
  const started = await startLedger({
    ...others,
    timeZone: settings.current.timeZone ?? systemZone() ?? utcInstead(log),
    settings: settings.current.ledger,
    auditKey: () => auditKey,
    onTrouble: (error) => {
      log.error('Ledger maintenance failed.', error);
    },
  });
  if (started.setAside !== undefined) {
    log.error(`The ledger was damaged and was moved to ${started.setAside}. A new ledger starts at zero.`);
  }
  return started;
}

function utcInstead(log: Log): string {
  log.warn(
    'This machine has no valid time zone, so caps count the days of UTC. Set callguard.timeZone to choose another one.',
  );
  return 'UTC';
}
