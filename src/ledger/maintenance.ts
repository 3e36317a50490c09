import type { Clock } from '../shared/clock.ts';
import { DisposableStore, type Disposable } from '../shared/disposable.ts';
import { anchorRow, isInTrail, readAnchor } from './audit/audit-anchor.ts';
import { applyRetention, type Retention } from './retention.ts';
import type { Transactions } from './db/transactions.ts';
import type { LedgerTables } from './tables/ledger-tables.ts';

export interface MaintenanceOptions {
  readonly tables: LedgerTables;
  readonly transactions: Transactions;
  /** The file of the database. */
  readonly file: string;
  readonly clock: Clock;
  /** The file of the audit trail's anchor, outside the database. */
  readonly anchorFile: string;
  readonly retention: Retention;
  readonly onTrouble: (error: unknown) => void;
}

/** A cut within this time cannot be detected. To anchor every row would write a file for each. */
const anchorAfterMs = 2_000;
const firstRetentionAfterMs = 60_000;
const retentionEveryMs = 6 * 3_600_000;

/** The regular work on an open ledger: it anchors the audit trail and drops old rows. */
export class Maintenance implements Disposable {
  readonly #options: MaintenanceOptions;
  readonly #owned = new DisposableStore();
  #anchoring: Disposable | undefined;
  #dropping: Disposable;
  #anchoredSeq = 0;
  #disposed = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#owned.add(
      options.transactions.onDidChange(() => {
        this.#anchorSoon();
      }),
    );
    this.#dropping = this.#dropAfter(firstRetentionAfterMs);
  }

  /** Work in progress may fail after this, as the ledger is closed. The next session repeats it. */
  dispose(): void {
    this.#disposed = true;
    this.#owned.dispose();
    this.#anchoring?.dispose();
    this.#dropping.dispose();
  }

  #anchorSoon(): void {
    this.#anchoring ??= this.#options.clock.after(anchorAfterMs, () => {
      this.#anchoring = undefined;
      void this.#attend(this.#anchor());
    });
  }

  async #anchor(): Promise<void> {
    const { tables, file, anchorFile } = this.#options;
    const head = tables.audit.head();
    if (head === undefined || head.seq === this.#anchoredSeq) return;
    this.#anchoredSeq = head.seq;
    const before = await readAnchor(anchorFile);
    // The anchor is the only proof that the end was cut off. It stays, even if the trail grows on.
    if (before === 'broken')
      throw new Error('The anchor file of the audit trail is damaged. Use Callguard: Verify Audit Trail.');
    if (before !== undefined && !isInTrail(before, tables.audit)) {
      throw new Error(
        'The audit trail no longer contains its anchored row. Use Callguard: Verify Audit Trail.',
      );
    }
    await anchorRow(head, file, anchorFile);
  }

  #dropAfter(delayMs: number): Disposable {
    const { clock, tables, transactions, retention } = this.#options;
    return clock.after(delayMs, () => {
      void this.#attend(applyRetention(tables, transactions, retention));
      this.#dropping = this.#dropAfter(retentionEveryMs);
    });
  }

  async #attend(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!this.#disposed) this.#options.onTrouble(error);
    }
  }
}
