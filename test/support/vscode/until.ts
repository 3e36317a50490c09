import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;
// Long, as a busy machine may need it; what comes sooner is not waited for.
const defaultTimeoutMs = 30_000;

/**
 * Reads again and again until what was read is accepted, and returns it.
 *
 * @param what is waited for, as it ends the sentence "Waited in vain for ..."
 */
export async function until<Value, Accepted extends Value>(
  what: string,
  read: () => Promise<Value>,
  accept: (value: Value) => value is Accepted,
  timeoutMs?: number,
): Promise<Accepted>;
export async function until<Value>(
  what: string,
  read: () => Promise<Value>,
  accept: (value: Value) => boolean,
  timeoutMs?: number,
): Promise<Value>;
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

/** For what may not be there yet. */
export function isDefined<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
