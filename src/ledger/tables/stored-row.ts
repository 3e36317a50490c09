import * as z from 'zod';
import { closedCircuit, type Circuit } from '../../guard/breaker.ts';
import { LedgerError } from '../db/ledger-error.ts';
import { parseJson } from '../../shared/json.ts';
import { storedCircuitKind } from '../stored-words.ts';

/**
 * Stored rows are not trusted: they may come from an older version, another program or a broken disk. Throws a
 * LedgerError for a row that cannot be read, so that a call is refused.
 */
export function parseRow<T>(schema: z.ZodType<T>, row: unknown, table: string): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new LedgerError(
    `its table ${table} contains a row in an unexpected format: ${z.prettifyError(parsed.error)}`,
  );
}

const generation = z.int().nonnegative();

const circuitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed'), generation, failures: z.int().nonnegative() }),
  z.strictObject({
    kind: z.literal('open'),
    generation,
    untilMs: z.number(),
    cooldownMs: z.number().positive(),
  }),
  z.strictObject({
    kind: z.literal('halfOpen'),
    generation,
    leaseEndsMs: z.number(),
    cooldownMs: z.number().positive(),
  }),
  z
    .strictObject({ kind: z.literal(storedCircuitKind.forcedOpen), generation })
    .transform((circuit) => ({ ...circuit, kind: 'forcedOpen' as const })),
]) satisfies z.ZodType<Circuit>;

export function serializeCircuit(circuit: Circuit): string {
  return JSON.stringify({ ...circuit, kind: storedCircuitKind[circuit.kind] });
}

/** A circuit that cannot be read counts as closed: the next failures will open it again. */
export function parseCircuit(text: string): Circuit {
  const parsed = circuitSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : closedCircuit;
}
