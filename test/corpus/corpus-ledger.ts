import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import type { CallRecord, Ledger, Settlement } from '../../src/guard/ledger-port.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { openTestLedger } from '../support/open-ledger.ts';
import type { SeenCall } from './case-format.ts';

/** The ledger of one case, and what it has of the last call. */
export interface CorpusLedger {
  readonly ledger: Ledger;
  lastCall(): SeenCall;
  dispose(): void;
}

export type OpenLedger = (clock: Clock) => Promise<CorpusLedger>;

/** A ledger without a disk. */
export const memoryLedger: OpenLedger = (clock) => {
  const ledger = new MemoryLedger(clock);
  return Promise.resolve({
    ledger,
    lastCall: () => seenCall(ledger.records.at(-1), ledger.settlements.at(-1), ledger.rests.size > 0),
    dispose: () => undefined,
  });
};

const rowSchema = z.object({
  outcome: z.enum(['done', 'failed', 'refused', 'aborted']),
  reason: z.string().optional(),
  finish: z.string().optional(),
  costSource: z.string().optional(),
  attempts: z.int(),
  status: z.int().optional(),
  usage: z.looseObject({}),
});

export interface SqliteCorpusLedger extends CorpusLedger {
  readonly store: LedgerStore;
  /** The next case begins. What is stored stays. */
  nextCase(): void;
}

/** A real one on a file. What it has of a call is read from the audit row. */
export async function sqliteLedger(clock: Clock): Promise<SqliteCorpusLedger> {
  const folder = mkdtempSync(path.join(tmpdir(), 'callguard-corpus-'));
  const opened = await openTestLedger(path.join(folder, 'callguard.db'), { clock });
  const settlements: Settlement[] = [];
  let hasPaused = false;
  const inner = opened.ledger;
  return {
    store: opened.store,
    nextCase: () => {
      settlements.length = 0;
      hasPaused = false;
    },
    ledger: {
      admit: (request) => inner.admit(request),
      renew: (admission) => inner.renew(admission),
      apply: (admission, consequence) => {
        hasPaused ||= consequence.kind === 'rateLimitPause';
        return inner.apply(admission, consequence);
      },
      settle: (admission, settlement, record) => {
        settlements.push(settlement);
        hasPaused ||= settlement.consequence?.kind === 'rateLimitPause';
        return inner.settle(admission, settlement, record);
      },
      record: (record) => inner.record(record),
    },
    lastCall: () => {
      const [last] = opened.store.audit.latest('call', 1);
      const row = last === undefined ? undefined : rowSchema.parse(JSON.parse(last.body));
      return seenCall(row as CallRecord | undefined, settlements.at(-1), hasPaused);
    },
    dispose: () => {
      opened.dispose();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    },
  };
}

function seenCall(
  record: CallRecord | undefined,
  settlement: Settlement | undefined,
  hasPaused: boolean,
): SeenCall {
  if (record === undefined) return {};
  const { outcome, reason, attempts, status, usage, finish, costSource } = record;
  const consequence = settlement?.consequence;
  return {
    outcome,
    reason: reason ?? null,
    attempts,
    status,
    finish: finish ?? null,
    costSource,
    usage: { ...usage, costMicroUsd: usage.costMicroUsd ?? null },
    breaker: settlement?.breakerVerdict,
    consequence: consequence?.kind ?? (hasPaused ? 'rateLimitPause' : null),
    ...(consequence?.kind === 'rateLimitPause' ? { pauseSeconds: consequence.forMs / 1_000 } : {}),
  };
}
