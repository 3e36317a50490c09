import { looksRandom } from '../redaction/randomness.ts';

/** 32 random bytes have about 30 distinct ones, and never fewer than 9. */
const fewestDistinct = 9;
/** Of 32 random bytes none is there so often. */
const mostOfOne = 11;
/** Up to here apart, most pairs of bytes show a pattern; further apart there are few pairs, and all must. */
const shortPeriod = 16;
const longPeriod = 26;

/**
 * Whether the bytes are plainly no random key: few distinct bytes, a pattern that repeats or counts, or words. Of
 * random bytes it refuses none in 10^10 keys. It accepts random digits and letters, which have fewer bits.
 */
export function isWeakKey(bytes: Uint8Array): boolean {
  const values = [...bytes];
  if (new Set(values).size < fewestDistinct || mostEqual(values) > mostOfOne) return true;
  for (let period = 1; period <= longPeriod; period += 1) {
    const steps = stepsOf(values, period);
    if (mostEqual(steps) > (period <= shortPeriod ? steps.length / 2 : steps.length - 1)) return true;
    // Squares, and two sequences that count in turn.
    const second = stepsOf(steps, period);
    if (period <= shortPeriod / 2 && mostEqual(second) > second.length / 2) return true;
  }
  const text = String.fromCharCode(...bytes);
  return (
    /^[\x20-\x7e]+$/.test(text) && (text.includes(' ') || !looksRandom(text.toLowerCase(), 0, text.length))
  );
}

/** How each byte differs from the one `period` before. */
function stepsOf(values: readonly number[], period: number): number[] {
  return values.slice(period).map((value, at) => (value - (values[at] ?? 0)) & 0xff);
}

function mostEqual(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(...counts.values());
}
