import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ProcessLock } from '../../ledger/db/process-lock.ts';
import { sleep, type Clock } from '../../shared/clock.ts';
import { gatewayLimits } from '../../shared/limits.ts';
import type { TokenBook, TokenRow } from './tokens.ts';

/** The locks that this process holds until it ends, by folder. */
const held = new Map<string, Promise<ProcessLock>>();

/** A process that checks a lock has it for a moment. */
const triesToHold = 40;
const retryMs = 50;

/**
 * Knows which processes with guarded terminals are alive. Each of them holds a lock that the system releases when the
 * process ends. A process id alone is not enough, because the system gives it to another process later.
 */
export class TerminalOwners {
  readonly #folder: string;
  readonly #clock: Clock;
  /** The time until which each process counts as alive, on the monotonic clock. */
  readonly #aliveUntilMs = new Map<number, number>();

  /** The locks are in a folder beside `ledgerFile`, so all windows of one ledger see them. */
  constructor(ledgerFile: string, clock: Clock) {
    this.#folder = path.join(path.dirname(ledgerFile), 'terminals');
    this.#clock = clock;
  }

  /** Shows other processes that this one is alive. Revokes the tokens of an earlier process with the same id. */
  async hold(book: TokenBook): Promise<void> {
    const holding = held.get(this.#folder) ?? this.#hold(book);
    held.set(this.#folder, holding);
    try {
      await holding;
    } catch (error) {
      held.delete(this.#folder);
      throw error;
    }
  }

  async #hold(book: TokenBook): Promise<ProcessLock> {
    await book.revokeOrphans((id) => id !== process.pid);
    const lock = new ProcessLock(this.#fileOf(process.pid));
    for (let tries = 0; tries < triesToHold; tries++) {
      if (await lock.take()) return lock;
      await sleep(this.#clock, retryMs);
    }
    throw new Error('the lock of this window for its guarded terminals could not be taken');
  }

  /** A process that has ended counts as alive for a few seconds at most. */
  async isAlive(id: number): Promise<boolean> {
    const nowMs = this.#clock.monotonicMs();
    if ((this.#aliveUntilMs.get(id) ?? 0) > nowMs) return true;
    const isAlive = await this.#isHeld(this.#fileOf(id));
    if (isAlive) this.#aliveUntilMs.set(id, nowMs + gatewayLimits.ownerCheckMs);
    else this.#aliveUntilMs.delete(id);
    return isAlive;
  }

  async #isHeld(file: string): Promise<boolean> {
    if (!existsSync(file)) return false;
    const lock = new ProcessLock(file);
    const isFree = await lock.take();
    lock.free();
    if (isFree) removeUnlessOpen(file);
    return !isFree;
  }

  #fileOf(id: number): string {
    return path.join(this.#folder, `${id}.lock`);
  }
}

/** Grants nothing for the token of a guarded terminal whose process has ended. */
export function livingTokens(book: TokenBook, owners: TerminalOwners): Pick<TokenBook, 'rowOf'> {
  return {
    rowOf: async (token): Promise<TokenRow | undefined> => {
      const row = await book.rowOf(token);
      const isOver = row?.process !== undefined && !(await owners.isAlive(row.process));
      return isOver ? undefined : row;
    },
  };
}

function removeUnlessOpen(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    // On Windows, where another process has just opened it.
    if (!(error instanceof Error && 'code' in error && ['EBUSY', 'EPERM'].includes(String(error.code))))
      throw error;
  }
}
