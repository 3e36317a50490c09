import * as z from 'zod';
import type { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import { until } from '../../support/vscode/until.ts';
import type { Kind } from './mixed-requests.ts';
import type { Answered } from './mixed-send.ts';

/** A call whose client has left is settled a moment after. */
const settleMs = 60_000;

const rowSchema = z.object({
  callId: z.string(),
  outcome: z.enum(['done', 'failed', 'refused', 'aborted']),
  usage: z.object({
    requests: z.number(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    estimated: z.boolean(),
  }),
});

type Row = z.infer<typeof rowSchema>;

/** Every way in which the ledger differs from what was asked and answered. */
export async function countsOf(store: LedgerStore, answered: readonly Answered[]): Promise<string[]> {
  const guarded = answered.filter(({ kind }) => kind.outcomes !== undefined);
  // A call whose client left is settled a moment after.
  const rows = await until(
    'all calls to be settled',
    () => Promise.resolve(callRows(store)),
    (all) => all.length >= guarded.length && store.usage.totals('0000', '9999', {}).heldRequests === 0,
    settleMs,
  ).catch(() => callRows(store));
  const byId = new Map(rows.map((row) => [row.callId, row]));
  const faults = guarded.flatMap(({ id, kind, what }) => {
    if (id === undefined) return [];
    const row = byId.get(id);
    if (row === undefined) return [`${what}: the ledger does not know it`];
    if (kind.outcomes?.includes(row.outcome) !== true) return [`${what}: it is ${row.outcome}`];
    if (row.outcome !== 'done') return [];
    const { inputTokens, outputTokens, requests } = row.usage;
    return inputTokens === 11 && outputTokens === 3 && requests === 1
      ? []
      : [`${what}: ${JSON.stringify(row.usage)}`];
  });
  const outcomes = (isIt: (kind: Kind) => boolean) => guarded.filter(({ kind }) => isIt(kind)).length;
  const aborted = rows.filter(({ outcome }) => outcome === 'aborted').length;
  const leaving = outcomes((kind) => kind.leaves !== undefined);
  const totals = store.usage.totals('0000', '9999', {});
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
  const differs = (name: string, is: number, shouldBe: number) =>
    is === shouldBe ? [] : [`${name}: ${is} instead of ${shouldBe}`];
  return [
    ...faults,
    ...differs('calls in the ledger', rows.length, guarded.length),
    ...differs('calls that their clients left', aborted, leaving),
    ...differs(
      'requests counted',
      totals.requests,
      sum(({ usage }) => usage.requests),
    ),
    ...differs(
      'input tokens counted',
      totals.inputTokens,
      sum(({ usage }) => usage.inputTokens),
    ),
    ...differs(
      'output tokens counted',
      totals.outputTokens,
      sum(({ usage }) => usage.outputTokens),
    ),
    ...differs('requests held', totals.heldRequests, 0),
    ...differs('tokens held', totals.heldTokens, 0),
  ];
}

function callRows(store: LedgerStore): Row[] {
  const rows: Row[] = [];
  for (let after = 0; ;) {
    const chunk = store.audit.after(after, 1_000);
    if (chunk.length === 0) return rows;
    rows.push(...chunk.filter(({ kind }) => kind === 'call').map((row) => rowSchema.parse(bodyOf(row))));
    after = chunk.at(-1)?.seq ?? after;
  }
}
