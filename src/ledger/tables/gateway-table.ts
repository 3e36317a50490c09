import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { settingsLimits } from '../../shared/limits.ts';
import type { GatewayReader, GatewayReport, GatewayState } from '../readers.ts';
import { parseRow } from './stored-row.ts';

const rowSchema = z.object({
  wanted: z.int(),
  owner: z.string().nullable(),
  port: z.int().min(1).max(settingsLimits.port).nullable(),
  problem: z.string().nullable(),
});

/** Whether the gateway is wanted, and the report of the window that has its lock. */
export class GatewayTable implements GatewayReader {
  readonly #get: StatementSync;
  readonly #want: StatementSync;
  readonly #report: StatementSync;
  readonly #withdraw: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT wanted, owner, port, problem FROM gateway');
    this.#want = db.prepare(`
      UPDATE gateway SET wanted = $wanted, owner = NULL, port = NULL, problem = NULL WHERE wanted <> $wanted`);
    this.#report = db.prepare('UPDATE gateway SET owner = ?, port = ?, problem = ? WHERE wanted = 1');
    this.#withdraw = db.prepare(
      'UPDATE gateway SET owner = NULL, port = NULL, problem = NULL WHERE owner = ?',
    );
  }

  state(): GatewayState {
    const { wanted, port, problem } = parseRow(rowSchema, this.#get.get(), 'gateway');
    if (wanted === 0) return { kind: 'off' };
    if (port !== null) return { kind: 'serving', port };
    return problem === null ? { kind: 'starting' } : { kind: 'failing', problem };
  }

  /** False if nothing changed. */
  want(wanted: boolean): boolean {
    return this.#want.run({ wanted: wanted ? 1 : 0 }).changes === 1;
  }

  report(owner: string, report: GatewayReport): void {
    const [port, problem] = report.kind === 'serving' ? [report.port, null] : [null, report.problem];
    this.#report.run(owner, port, problem);
  }

  /** Takes back the report of this owner, unless another owner has reported since. */
  withdraw(owner: string): void {
    this.#withdraw.run(owner);
  }
}
