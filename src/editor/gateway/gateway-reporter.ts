import { randomUUID } from 'node:crypto';
import type { GatewayReport, GatewayState } from '../../ledger/tables/gateway-table.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';

/** Keeps in the ledger what this window says of the gateway, for as long as it is its turn to say something. */
export class Reporter {
  readonly #store: LedgerStore;
  readonly #onTrouble: (error: unknown) => void;
  readonly #owner = randomUUID();
  #report: GatewayReport | undefined;
  #writing: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(store: LedgerStore, onTrouble: (error: unknown) => void) {
    this.#store = store;
    this.#onTrouble = onTrouble;
  }

  /** Resolves when all that was said is written. */
  get settled(): Promise<void> {
    return this.#writing;
  }

  /** Undefined once it is another window's turn. */
  publish(report: GatewayReport | undefined): void {
    if (report === undefined && this.#report === undefined) return;
    this.#report = report;
    this.#write();
  }

  /** Says it again if the ledger says otherwise, as when the gateway was switched off and on in one moment. */
  check(): void {
    const state = this.#store.gateway.state();
    if (this.#report === undefined || this.#queued > 0 || state.kind === 'off') return;
    if (!isSame(state, this.#report)) this.#write();
  }

  #write(): void {
    this.#queued += 1;
    this.#writing = this.#writing
      .then(() =>
        this.#store.write(() => {
          const { gateway } = this.#store;
          if (this.#report === undefined) gateway.withdraw(this.#owner);
          else gateway.report(this.#owner, this.#report);
        }),
      )
      .then(
        () => {
          this.#queued -= 1;
          this.check();
        },
        (error: unknown) => {
          this.#queued -= 1;
          this.#onTrouble(error);
        },
      );
  }
}

function isSame(state: GatewayState, report: GatewayReport): boolean {
  if (state.kind === 'serving' && report.kind === 'serving') return state.port === report.port;
  return state.kind === 'failing' && report.kind === 'failing' && state.problem === report.problem;
}
