import path from 'node:path';
import { inCache } from '../../../scripts/paths.ts';
import { toDisposable, type Disposable } from '../../../src/shared/disposable.ts';

/** What can still be looked at when a test has failed. */
interface Witness {
  /** Writes what is to be seen into files that start so. Returns the files' names. */
  capture(prefix: string): Promise<string[]>;
}

const witnesses = new Set<Witness>();
let taking: Promise<void> = Promise.resolve();

export function addWitness(witness: Witness): Disposable {
  witnesses.add(witness);
  return toDisposable(() => {
    witnesses.delete(witness);
  });
}

/** Takes pictures of all that is open, and names the files. To be called at once when a test fails. */
export function takeEvidence(title: string): void {
  const name = title.replaceAll(/[^\w]+/g, '-').slice(0, 120);
  const prefix = inCache('screenshots', 'failed', name);
  const captures = [...witnesses].map((witness) => witness.capture(prefix));
  taking = Promise.allSettled([taking, ...captures]).then(([, ...results]) => {
    for (const result of results) {
      if (result.status === 'rejected') console.log(`    no screenshot: ${String(result.reason)}`);
      else for (const file of result.value) console.log(`    screenshot: ${path.relative('.', file)}`);
    }
  });
}

/** Whoever closes what is being looked at waits for this first. */
export async function evidenceTaken(): Promise<void> {
  await taking;
}
