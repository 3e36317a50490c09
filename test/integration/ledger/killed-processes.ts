import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import * as z from 'zod';
import { verifyAudit } from '../../../src/ledger/audit/verify-audit.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testKeys } from '../../support/open-ledger.ts';
import { folder, openWindow, totals } from './ledger-fixture.ts';
import { completed, request } from './ledger-requests.ts';

export interface Aftermath {
  readonly kills: number;
  /** Calls that a process has reported as settled. */
  readonly settled: number;
  /** The number of these that the ledger does not know. */
  readonly lost: number;
  readonly brokenLinks: number;
  readonly holdsLeft: number;
  /** Held tokens and calls without a process. */
  readonly heldTokensLeft: number;
  /** Holds of killed processes, charged with their input estimate. */
  readonly cleared: number;
  /** Requests that were neither settled nor cleared. */
  readonly miscounted: number;
}

/** Kills processes while they write, several at a time, and checks the ledger afterwards. */
export async function killInTheMiddle(kills: number, atOnce: number): Promise<Aftermath> {
  const file = path.join(folder(), 'ledger.db');
  // It creates the ledger and stays open, like the window of a user who notices nothing.
  const witness = await openWindow(file, systemClock);
  const settled: string[] = [];
  let left = kills;
  const killInTurn = async () => {
    while (left > 0) {
      left -= 1;
      settled.push(...(await settledUntilKilled(file, 5 + ((left * 7) % 60))));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, killInTurn));
  witness.dispose();

  const window = await openWindow(file, new FakeClock(Date.now() + 3_600_000));
  const { admissions, audit } = window.tables;
  while (admissions.expired(Number.MAX_SAFE_INTEGER).length > 0) {
    const admission = await window.ledger.admit(request());
    if (!admission.ok) throw new Error(JSON.stringify(admission.error));
    await window.ledger.settle(admission.value, completed());
  }
  const known = new Set<string>();
  for (let rows = audit.after(0, 1_000); rows.length > 0; rows = audit.after(rows.at(-1)?.seq ?? 0, 1_000)) {
    for (const { body } of rows) known.add(callSchema.parse(JSON.parse(body)).callId);
  }
  const { faults } = await verifyAudit(audit, {
    ...{ keys: testKeys, anchors: [], witness: undefined },
  });
  const sums = totals(window);
  return {
    kills,
    settled: settled.length,
    lost: settled.filter((id) => !known.has(id)).length,
    brokenLinks: faults.length,
    holdsLeft: admissions.callsAtOnce({}),
    heldTokensLeft: sums.heldTokens + sums.heldRequests,
    cleared: sums.estimated,
    miscounted: sums.requests - sums.succeeded - sums.estimated,
  };
}

const callSchema = z.object({ callId: z.string() });

async function settledUntilKilled(file: string, afterSettled: number): Promise<string[]> {
  const program = path.join(import.meta.dirname, 'settling-process.ts');
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > afterSettled) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const [, signal] = (await exited) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error(`a process ended by itself, with ${String(signal)}`);
  // The last line may be incomplete.
  return said.split('\n').slice(0, -1);
}
