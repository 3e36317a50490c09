import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { storedAct, storedAuditKind, type AuditKind, type UserAct } from '../stored-words.ts';
import { parseRow } from '../tables/stored-row.ts';
import type { AnchorFormat, AuditReader, AuditRow } from '../readers.ts';
import { unsigned, type AuditKey } from './audit-key.ts';
import { checkpointBody, checkpointFormat, ledgerIdOf, parseAnchorFormat } from './audit-bodies.ts';

const rowSchema = z.object({
  seq: z.int(),
  atMs: z.number(),
  kind: z.string(),
  body: z.string(),
  keyId: z.string(),
  mac: z.instanceof(Uint8Array),
}) satisfies z.ZodType<AuditRow>;

const columns = 'seq, at_ms AS atMs, kind, body, key_id AS keyId, mac';

/** The first row of the trail is linked to this. */
export const genesisMac = new Uint8Array(32);

/** The signature of a row: HMAC-SHA-256 over the signature of the row before it and its own content. */
export function rowMac(key: KeyObject, previousMac: Uint8Array, row: Omit<AuditRow, 'mac'>): Buffer {
  const content = JSON.stringify([row.seq, row.atMs, row.kind, row.body, row.keyId]);
  return createHmac('sha256', key).update(previousMac).update(content).digest();
}

/** Checked without the schema, as each admission reads a row and verification reads all. The schema words what is wrong. */
function auditRow(row: Readonly<Record<string, SQLOutputValue>>): AuditRow {
  const { seq, atMs, kind, body, keyId, mac } = row;
  if (
    typeof seq === 'number' &&
    Number.isSafeInteger(seq) &&
    typeof atMs === 'number' &&
    typeof kind === 'string' &&
    typeof body === 'string' &&
    typeof keyId === 'string' &&
    mac instanceof Uint8Array
  )
    return { seq, atMs, kind, body, keyId, mac };
  return parseRow(rowSchema, row, 'audit');
}

/** The audit trail. Its rows are chained by HMAC, so an edited, deleted, swapped or inserted row can be detected. */
export class AuditTrail implements AuditReader {
  readonly #keyNow: () => AuditKey;
  #signsWith: { readonly id: string; readonly key: KeyObject } | undefined;
  readonly #last: StatementSync;
  readonly #insert: StatementSync;
  readonly #after: StatementSync;
  readonly #before: StatementSync;
  readonly #latest: StatementSync;
  readonly #latestOther: StatementSync;
  readonly #format: StatementSync;
  readonly #drop: StatementSync;

  /** `keyNow` returns the key that signs new rows. */
  constructor(db: DatabaseSync, keyNow: () => AuditKey) {
    this.#keyNow = keyNow;
    this.#last = db.prepare(`SELECT ${columns} FROM audit_row ORDER BY seq DESC LIMIT 1`);
    this.#insert = db.prepare(
      'INSERT INTO audit_row (seq, at_ms, kind, body, key_id, mac) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#after = db.prepare(`SELECT ${columns} FROM audit_row WHERE seq > ? ORDER BY seq LIMIT ?`);
    this.#before = db.prepare(`SELECT ${columns} FROM audit_row WHERE seq < ? ORDER BY seq DESC LIMIT ?`);
    this.#latest = db.prepare(`SELECT ${columns} FROM audit_row WHERE kind = ? ORDER BY seq DESC LIMIT ?`);
    // With the condition of the index audit_other, as rows of other kinds are few and lie anywhere.
    this.#latestOther = db.prepare(
      `SELECT ${columns} FROM audit_row WHERE kind <> 'call' AND kind = ? ORDER BY seq DESC LIMIT ?`,
    );
    // The first one: anyone can add unsigned rows at the end.
    this.#format = db.prepare(`
      SELECT body FROM audit_row
      WHERE kind <> 'call' AND kind = '${storedAuditKind.anchorFormat}' AND key_id <> '${unsigned.id}'
      ORDER BY seq LIMIT 1`);
    this.#drop = db.prepare('DELETE FROM audit_row WHERE seq <= ?');
  }

  /** Call this in the transaction of the event that the row describes. */
  append(atMs: number, kind: AuditKind, body: object): AuditRow {
    const last = this.head();
    const stored = storedAuditKind[kind];
    return this.#sign((last?.seq ?? 0) + 1, atMs, stored, JSON.stringify(body), last?.mac ?? genesisMac);
  }

  /** Call this in the transaction of what the user did. */
  appendAct(atMs: number, act: UserAct, details: object = {}): AuditRow {
    return this.append(atMs, 'user', { act: storedAct[act], ...details });
  }

  /** Records that the anchor is signed from now on. Does nothing in an empty trail, or if it was recorded before. */
  appendAnchorFormat(atMs: number): void {
    const [first] = this.after(0, 1);
    if (first === undefined || this.anchorFormat() !== undefined) return;
    this.append(atMs, 'anchorFormat', { format: 2, ledger: ledgerIdOf(first) } satisfies AnchorFormat);
  }

  anchorFormat(): AnchorFormat | undefined {
    const row = this.#format.get();
    if (row !== undefined) return parseAnchorFormat(String(row['body']));
    const [first] = this.after(0, 1);
    if (first?.kind !== storedAuditKind.checkpoint || first.keyId === unsigned.id) return undefined;
    return checkpointFormat(first);
  }

  /**
   * Drops at most `most` of the rows up to `seq`, the oldest first, and puts a signed checkpoint in place of the last of
   * them. Returns how many it dropped. The last row of the trail always stays, as the next row is linked to it. Without
   * a master key nothing is dropped: a checkpoint that anyone can forge would prove nothing about the rows after it.
   */
  dropUpTo(seq: number, most: number, nowMs: number): number {
    if (this.#keyNow().id === unsigned.id) return 0;
    const headSeq = this.head()?.seq;
    const dropped = this.after(0, most).filter((row) => row.seq <= seq && row.seq !== headSeq);
    const last = dropped.at(-1);
    if (last === undefined || last.kind === storedAuditKind.checkpoint) return 0;
    const body = checkpointBody(nowMs, last, this.anchorFormat());
    this.#drop.run(last.seq);
    this.#sign(last.seq, last.atMs, storedAuditKind.checkpoint, JSON.stringify(body), genesisMac);
    return dropped.length;
  }

  /** Signs the checkpoint again, if it is still the start of the trail, with the key that signs now. */
  signCheckpoint({ seq, atMs, kind, body, mac }: AuditRow): void {
    const [first] = this.after(0, 1);
    if (first?.seq !== seq || !Buffer.from(first.mac).equals(mac)) return;
    this.#drop.run(seq);
    this.#sign(seq, atMs, kind, body, genesisMac);
  }

  head(): AuditRow | undefined {
    const row = this.#last.get();
    return row === undefined ? undefined : auditRow(row);
  }

  after(seq: number, most: number): AuditRow[] {
    return this.#after.all(seq, most).map(auditRow);
  }

  before(seq: number, most: number): AuditRow[] {
    return this.#before.all(seq, most).map(auditRow);
  }

  latest(kind: AuditKind, most: number): AuditRow[] {
    const statement = kind === 'call' ? this.#latest : this.#latestOther;
    return statement.all(storedAuditKind[kind], most).map(auditRow);
  }

  #sign(seq: number, atMs: number, kind: string, body: string, previousMac: Uint8Array): AuditRow {
    const { id: keyId, key } = this.#signer();
    const mac = rowMac(key, previousMac, { seq, atMs, kind, body, keyId });
    this.#insert.run(seq, atMs, kind, body, keyId, mac);
    return { seq, atMs, kind, body, keyId, mac };
  }

  /** Keeps the key object while the key is the same: creating one costs more than a signature. */
  #signer(): { readonly id: string; readonly key: KeyObject } {
    const { id, key } = this.#keyNow();
    if (this.#signsWith?.id !== id) this.#signsWith = { id, key: createSecretKey(key) };
    return this.#signsWith;
  }
}
