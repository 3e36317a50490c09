import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Leases: locks between windows that the owner renews. A lease expires when its owner dies. */
export class LockTable {
  readonly #take: StatementSync;
  readonly #free: StatementSync;

  constructor(db: DatabaseSync) {
    this.#take = db.prepare(`
      INSERT INTO lock VALUES ($name, $owner, $expiresMs)
      ON CONFLICT DO UPDATE SET owner = excluded.owner, expires_ms = excluded.expires_ms
      WHERE owner = $owner OR expires_ms <= $nowMs`);
    this.#free = db.prepare('DELETE FROM lock WHERE name = ? AND owner = ?');
  }

  /** Takes or renews it; false while another owner has it. */
  take(name: string, owner: string, expiresMs: number, nowMs: number): boolean {
    return this.#take.run({ name, owner, expiresMs, nowMs }).changes === 1;
  }

  free(name: string, owner: string): void {
    this.#free.run(name, owner);
  }
}
