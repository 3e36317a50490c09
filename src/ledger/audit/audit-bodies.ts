import { createHash } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../shared/json.ts';
import type { AnchorFormat, AuditRow } from '../readers.ts';

/** A signature in hex. */
export const macSchema = z.string().regex(/^[0-9a-f]{64}$/);

const formatSchema = z.object({ format: z.literal(2), ledger: z.string() });
const checkpointSchema = z.object({
  lastMac: macSchema,
  // Absent while the anchor was not signed.
  anchorFormat: formatSchema.optional(),
});

/** The body of a checkpoint: what later rows and the anchor need of the rows that it replaces. */
export function checkpointBody(droppedMs: number, last: AuditRow, anchorFormat: AnchorFormat | undefined) {
  const lastMac = Buffer.from(last.mac).toString('hex');
  return { droppedMs, lastMac, ...(anchorFormat === undefined ? {} : { anchorFormat }) };
}

/**
 * The signature of the last row that a checkpoint replaces. The first row after the checkpoint is linked to it.
 * Undefined if the checkpoint is damaged.
 */
export function checkpointMac(row: AuditRow): Uint8Array | undefined {
  const parsed = checkpointSchema.safeParse(parseJson(row.body));
  return parsed.success ? Buffer.from(parsed.data.lastMac, 'hex') : undefined;
}

/** The format that a checkpoint keeps from the rows that it replaces. */
export function checkpointFormat(row: AuditRow): AnchorFormat | undefined {
  const parsed = checkpointSchema.safeParse(parseJson(row.body));
  return parsed.success ? parsed.data.anchorFormat : undefined;
}

/** The format in a row of the kind `anchorFormat`. A damaged row still says that the anchor is signed. */
export function parseAnchorFormat(body: string): AnchorFormat {
  const parsed = formatSchema.safeParse(parseJson(body));
  return parsed.success ? parsed.data : { format: 2, ledger: '' };
}

/**
 * Derived from the first row, so that a copy of the ledger from before its anchor was signed has the same ID. No other
 * ledger has such a row.
 */
export function ledgerIdOf(first: AuditRow): string {
  return createHash('sha256').update('callguard ledger').update(first.mac).digest('hex').slice(0, 32);
}
