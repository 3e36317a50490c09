import * as z from 'zod';
import type { AuditRow, PartUsage, UsageTotals } from '../ledger/readers.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { costSources } from '../guard/ledger-port.ts';
import { bodyOf } from './audit-text.ts';

const callSchema = z.object({
  provider: z.string(),
  model: z.string(),
  tenant: z.string(),
  frontDoor: z.string(),
  caller: z.string().optional(),
  route: z.string().optional(),
  outcome: z.enum(['done', 'refused', 'failed', 'aborted']),
  reason: z.string().optional(),
  attempts: z.number(),
  status: z.number().optional(),
  // Rows of earlier versions do not have them.
  code: z.string().optional(),
  requestId: z.string().optional(),
  finish: z.string().optional(),
  costSource: z.enum(costSources).optional(),
  totalMs: z.number(),
  usage: z.object({
    inputTokens: z.number(),
    outputTokens: z.number(),
    costMicroUsd: z.number().optional(),
    estimated: z.boolean(),
  }),
});

/** One call, as its audit row records it. */
export interface RecentCall extends z.infer<typeof callSchema> {
  /** The number of its audit row. */
  readonly seq: number;
  readonly atMs: number;
}

/** Recent activity in all windows. */
export interface Activity {
  /** Which routes and tenants were used today, by name. */
  readonly tenants: ReadonlyMap<string, Pick<UsageTotals, 'requests' | 'inputTokens' | 'outputTokens'>>;
  /** What each program used today, the dearest first. */
  readonly callers: readonly PartUsage[];
  /** The newest first. */
  readonly calls: readonly RecentCall[];
}

const callsShown = 20;

export function readActivity(store: LedgerStore): Activity {
  const { day } = store.now();
  const tenants = store.usage
    .byTenant(day)
    .map(
      ({ tenant, requests, inputTokens, outputTokens }) =>
        [tenant, { requests, inputTokens, outputTokens }] as const,
    );
  const callers = store.parts
    .byName('caller', day)
    .filter(({ requests }) => requests > 0)
    .sort((a, b) => b.costMicroUsd - a.costMicroUsd || b.requests - a.requests);
  return {
    tenants: new Map(tenants),
    callers,
    calls: store.audit.latest('call', callsShown).flatMap(callOf),
  };
}

/** A row of another shape, for example from another version, is left out. */
function callOf(row: AuditRow): RecentCall[] {
  const parsed = callSchema.safeParse(bodyOf(row));
  return parsed.success ? [{ ...parsed.data, seq: row.seq, atMs: row.atMs }] : [];
}
