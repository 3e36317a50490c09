import type { Opened } from '../ledger/ledger-opening.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { Activity } from '../observe/activity.ts';
import { readStatus, type Status } from '../observe/status.ts';
import { statusEndsMs } from '../observe/status-ends.ts';
import type { Clock } from '../shared/clock.ts';
import { DisposableStore, type Disposable } from '../shared/disposable.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import type { L10n } from '../shared/l10n.ts';
import { describeVaultRefusal } from '../vault/vault-refusal.ts';
import type { Vault } from '../vault/vault.ts';
import { readKeyStates } from '../observe/read-key-states.ts';
import type { Log } from '../shared/log.ts';
import type { EditorSettings } from './editor-settings.ts';
import type { GatewaySeen } from './views/gateway-words.ts';

export interface OverviewOptions {
  readonly ledger: Opened<LedgerStore>;
  readonly ledgerOpened: Promise<LedgerStore>;
  readonly settings: EditorSettings;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the views show. It is read again shortly after any change, in this window or another. */
export interface Seen {
  /** Undefined until the ledger is open, and if it cannot be opened. */
  readonly status: Status | undefined;
  /** When to read it again even if nothing has changed, in wall-clock milliseconds. */
  readonly endsMs?: number;
  readonly activity?: Activity;
  readonly gateway?: GatewaySeen;
  /** Why no call can be made. */
  readonly problem: ((l10n: L10n) => string) | undefined;
}

/** Changes come in groups: one call alone writes twice. */
const gatherMs = 50;
/** How soon a new day is noticed. A sleeping machine stops timers, so there is no timer for midnight. */
const lookEveryMs = 5_000;

export class Overview implements Disposable {
  readonly #options: OverviewOptions;
  readonly #owned = new DisposableStore();
  readonly #changed = new Emitter<Seen>();
  #seen: Seen = { status: undefined, problem: undefined };
  #gathering: Disposable | undefined;
  #looking: Disposable | undefined;
  /** When to read again, in wall-clock milliseconds. */
  #endsMs = Infinity;
  #disposed = false;

  readonly onDidChange: Event<Seen> = this.#changed.event;

  constructor(options: OverviewOptions) {
    this.#options = options;
    const { settings, vault, ledger, ledgerOpened } = options;
    const soon = () => {
      this.#refreshSoon();
    };
    this.#owned.add(settings.onDidChange(soon));
    this.#owned.add(vault.onDidChangeKeys(soon));
    // The code that opens the ledger logs this. Here it becomes the problem that the views show.
    ledger.catch(soon);
    void ledgerOpened.then((store) => {
      if (!this.#disposed) this.#owned.add(store.onDidChange(soon));
      soon();
    });
    this.#look();
  }

  get seen(): Seen {
    return this.#seen;
  }

  dispose(): void {
    this.#disposed = true;
    this.#gathering?.dispose();
    this.#looking?.dispose();
    this.#owned.dispose();
  }

  #look(): void {
    const { clock } = this.#options;
    this.#looking = clock.after(lookEveryMs, () => {
      if (clock.nowMs() >= this.#endsMs) {
        // Tries once, not again and again, if it cannot be read.
        this.#endsMs = Infinity;
        this.#refreshSoon();
      }
      this.#look();
    });
  }

  #refreshSoon(): void {
    if (this.#disposed) return;
    this.#gathering ??= this.#options.clock.after(gatherMs, () => {
      this.#gathering = undefined;
      this.#refresh().catch((error: unknown) => {
        this.#options.log.error('The status could not be read.', error);
      });
    });
  }

  async #refresh(): Promise<void> {
    const seen = await this.read();
    if (this.#disposed) return;
    this.#seen = seen;
    this.#endsMs = seen.endsMs ?? Infinity;
    this.#changed.fire(this.#seen);
  }

  /** Reads now, for callers that cannot wait for the next change. */
  async read(): Promise<Seen> {
    const { settings, ledger } = this.#options;
    const store = await ledger.catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    if (store instanceof Error) {
      return {
        status: undefined,
        problem: (l10n) => l10n.t('The ledger cannot be used: {0}', store.message),
      };
    }
    const { readActivity } = await import('../observe/activity.ts');
    const { ledgerTokens } = await import('../gateway/tokens/ledger-tokens.ts');
    const keys = await readKeyStates(this.#options);
    const problem = await this.#masterKeyProblem();
    const status = readStatus(store, settings.current, settings.current.tenant, keys);
    return {
      status,
      endsMs: statusEndsMs(status, store.days),
      activity: readActivity(store),
      gateway: {
        state: store.gateway.state(),
        tokens: await ledgerTokens(store).all(),
        nowMs: store.now().nowMs,
        use: new Map(store.parts.byName('token', store.now().day).map((used) => [used.name, used])),
      },
      problem,
    };
  }

  async #masterKeyProblem(): Promise<Seen['problem']> {
    const problem = await this.#options.vault.refusalOfEveryCall();
    return problem && ((l10n) => describeVaultRefusal(problem, l10n).message);
  }
}
