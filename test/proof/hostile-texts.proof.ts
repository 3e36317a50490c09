import assert from 'node:assert/strict';
import { findSecrets } from '../../src/redaction/prompt-scan.ts';
import { createRedactor } from '../../src/redaction/redact.ts';
import { hostileTexts } from '../support/hostile-text.ts';

const mib = 1024 * 1024;
const mostMsPerMib = 50;
/** Of twice the text. More than this is not linear. */
const mostGrowth = 3;
const rounds = 12;
/** Of the control, so that it takes about as long as a search. */
const bareReadings = 8;
/** The kernel counts CPU time in steps of 4 ms. */
const steppedMs = 8;

/** The least CPU time of the thread: what another process takes from the machine comes on top. */
function leastMs(run: () => void): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Reads every character of the text a few times, and does nothing else: what the machine takes for it now. */
function readBare(text: string): number {
  let sum = 0;
  for (let time = 0; time < bareReadings; time += 1)
    for (let at = 0; at < text.length; at += 1) sum += text.charCodeAt(at) & time;
  return sum;
}

describe('hostile texts', () => {
  it('are searched in at most 50 ms a MiB, in a time that grows with their length alone', () => {
    const redactor = createRedactor();
    for (let n = 0; n < 10; n++) redactor.register(`sk-loaded-${n}-${'x1Y2z3'.repeat(6)}`);
    const searches = {
      log: (text: string) => redactor.redact(text),
      prompt: (text: string) => findSecrets(text, redactor.registered),
    };
    const doubled = hostileTexts(2 * mib);
    const missed: string[] = [];
    const bare: number[] = [];
    console.log('       1 MiB      2 MiB  bare control   in       text');
    for (const [what, text] of Object.entries(hostileTexts(mib))) {
      for (const [where, search] of Object.entries(searches)) {
        const ms = leastMs(() => search(text));
        const doubledMs = leastMs(() => search(doubled[what] ?? ''));
        const isLinear = doubledMs <= mostGrowth * Math.max(ms, steppedMs);
        const bareMs = leastMs(() => readBare(text));
        const met = ms <= mostMsPerMib && isLinear;
        const times = [ms, doubledMs, bareMs].map((each) => `${each.toFixed(1).padStart(8)} ms`).join('');
        bare.push(bareMs);
        console.log(` ${times}   ${where.padEnd(9)}${what}${met ? '' : '   GOAL NOT MET'}`);
        if (!met) missed.push(`${what} (${where}): ${ms} and ${doubledMs} ms`);
      }
    }
    console.log(
      `       the bare control took ${Math.min(...bare).toFixed(1)} to ${Math.max(...bare).toFixed(1)} ms: ` +
        'where it takes longer than elsewhere, the machine is slow or busy',
    );
    assert.deepEqual(missed, []);
  });
});
