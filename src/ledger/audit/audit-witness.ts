import * as z from 'zod';
import { parseJson } from '../../shared/json.ts';
import type { SecretStore } from '../../vault/vault-ports.ts';
import { anchorSchema, type Anchor } from './audit-anchor.ts';

/** Where the witness is: out of reach of someone who can only write files. */
export type WitnessStore = Pick<SecretStore, 'get' | 'set'>;

const namePrefix = 'callguard.auditWitness.';
const witnessSchema = anchorSchema.extend({ ledger: z.string() });

/**
 * Reads the witness of a ledger: a row with which its trail ended at some time. An older copy of the whole folder does
 * not contain that row. A damaged witness counts as none, because someone who can damage it can delete it, too.
 */
export async function readWitness(secrets: WitnessStore, ledger: string): Promise<Anchor | undefined> {
  const parsed = witnessSchema.safeParse(parseJson((await secrets.get(namePrefix + ledger)) ?? ''));
  if (!parsed.success || parsed.data.ledger !== ledger) return undefined;
  const { seq, mac } = parsed.data;
  return { seq, mac };
}

/** `row` must be on the disk: after a power failure the trail would not contain it. */
export async function writeWitness(secrets: WitnessStore, ledger: string, row: Anchor): Promise<void> {
  await secrets.set(namePrefix + ledger, JSON.stringify({ ledger, seq: row.seq, mac: row.mac }));
}
