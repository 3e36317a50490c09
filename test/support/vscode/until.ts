import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;
const defaultTimeoutMs = 15_000;

/**
 * Reads again and again until what was read is accepted, and returns it.
 *
 * @param what is waited for, as it ends the sentence "Waited in vain for ..."
 */
export async function until<Value>(
  what: string,
  read: () => Promise<Value>,
  accept: (value: Value) => boolean,
  timeoutMs = defaultTimeoutMs,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(`Waited in vain for ${what}. Last seen: ${inspect(value, { depth: 5 })}`);
    }
    await delay(pollMs);
  }
}
