import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Circuit } from '../../guard/breaker.ts';
import { parseCircuit, serializeCircuit } from './stored-row.ts';

/** Where the ledger's time was, and where it goes back to. */
export interface ClockStep {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Moves the stored times that lie ahead when the ledger's time goes back. What was still to come, such as the end of a
 * pause, keeps its distance. What is over stays over. Days stay as they are: what was used on them is known.
 */
export class ClockShift {
  readonly #ends: readonly StatementSync[];
  readonly #moments: readonly StatementSync[];
  readonly #mergeRecentUse: StatementSync;
  readonly #dropRecentUse: StatementSync;
  readonly #circuits: StatementSync;
  readonly #putCircuit: StatementSync;

  constructor(db: DatabaseSync) {
    const ends = [
      ['admission', 'expires_ms'],
      ['rest', 'until_ms'],
      ['lock', 'expires_ms'],
    ] as const;
    this.#ends = ends.map(([table, column]) =>
      db.prepare(
        `UPDATE ${table} SET ${column} = max($toMs, ${column} - $fromMs + $toMs) WHERE ${column} > $toMs`,
      ),
    );
    const moments = [
      ['admission', 'admitted_ms'],
      ['admission', 'settled_ms'],
      ['session_use', 'last_ms'],
      ['provider', 'last_ok_ms'],
      ['provider', 'last_failure_ms'],
    ] as const;
    this.#moments = moments.map(([table, column]) =>
      db.prepare(`UPDATE ${table} SET ${column} = $toMs WHERE ${column} > $toMs`),
    );
    this.#mergeRecentUse = db.prepare(`
      INSERT INTO recent_use (admitted_ms, provider, model, tenant, requests, tokens)
      SELECT $toMs, provider, model, tenant, sum(requests), sum(tokens) FROM recent_use
      WHERE admitted_ms > $toMs GROUP BY provider, model, tenant
      ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens`);
    this.#dropRecentUse = db.prepare('DELETE FROM recent_use WHERE admitted_ms > ?');
    this.#circuits = db.prepare('SELECT id, circuit FROM provider');
    this.#putCircuit = db.prepare('UPDATE provider SET circuit = ? WHERE id = ?');
  }

  /** Call this in the transaction that sets the ledger's time back. */
  apply({ fromMs, toMs }: ClockStep): void {
    for (const statement of this.#ends) statement.run({ fromMs, toMs });
    for (const statement of this.#moments) statement.run({ toMs });
    this.#mergeRecentUse.run({ toMs });
    this.#dropRecentUse.run(toMs);
    for (const { id, circuit: stored } of this.#circuits.all()) {
      const circuit = parseCircuit(String(stored));
      const shifted = shiftedCircuit(circuit, (endMs) => Math.max(toMs, endMs - fromMs + toMs));
      if (shifted !== circuit) this.#putCircuit.run(serializeCircuit(shifted), String(id));
    }
  }
}

function shiftedCircuit(circuit: Circuit, shift: (endMs: number) => number): Circuit {
  if (circuit.kind === 'open') return { ...circuit, untilMs: shift(circuit.untilMs) };
  if (circuit.kind === 'halfOpen') return { ...circuit, leaseEndsMs: shift(circuit.leaseEndsMs) };
  return circuit;
}
