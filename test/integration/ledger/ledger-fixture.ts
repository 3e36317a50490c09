import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Admission, AdmitRequest } from '../../../src/guard/ledger-port.ts';
import type { Refusal } from '../../../src/guard/refusal.ts';
import type { Clock } from '../../../src/shared/clock.ts';
import { DisposableStore, toDisposable } from '../../../src/shared/disposable.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { openTestLedger, type TestLedger, type TestLedgerOptions } from '../../support/open-ledger.ts';
import { request } from './ledger-requests.ts';

/** Noon in UTC. */
export const noonMs = Date.UTC(2026, 0, 15, 12);

let owned = new DisposableStore();

/** Closes and deletes everything that was opened since the last call. */
export function letGo(): void {
  owned.dispose();
  owned = new DisposableStore();
}

/** Closes and deletes everything that a test opened after that test. */
export function letGoAfterEach(): void {
  afterEach(letGo);
}

/** A folder for one test. It is deleted after the test. */
export function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'callguard-ledger-'));
  owned.add(
    toDisposable(() => {
      rmSync(made, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    }),
  );
  return made;
}

export interface Window<C extends Clock = Clock> extends TestLedger {
  readonly clock: C;
}

/** Opens the ledger as one window. Two calls with the same file are two windows. */
export async function openWindow<C extends Clock>(
  file: string,
  clock: C,
  changes: Partial<TestLedgerOptions> = {},
): Promise<Window<C>> {
  const random = { next: () => 0.5 };
  const opened = owned.add(await openTestLedger(file, { clock, random, ...changes }));
  return { ...opened, clock };
}

/** A window on a new file, with a clock that stands still at noon. */
export function freshWindow(changes: Partial<TestLedgerOptions> = {}): Promise<Window<FakeClock>> {
  return openWindow(path.join(folder(), 'ledger.db'), new FakeClock(noonMs), changes);
}

export async function admitted(window: Window, changes: Partial<AdmitRequest> = {}): Promise<Admission> {
  const result = await window.ledger.admit(request(changes));
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

export async function refused(window: Window, changes: Partial<AdmitRequest> = {}): Promise<Refusal> {
  const result = await window.ledger.admit(request(changes));
  assert.ok(!result.ok, 'the call was admitted');
  return result.error;
}

/** The sums of all days, or of one day. */
export function totals(window: Window, day?: string) {
  return window.store.usage.totals(day ?? '0000', day ?? '9999', {});
}
