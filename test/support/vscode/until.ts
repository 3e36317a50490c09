import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;
/** What takes long is not held up further by being looked at all the time. */
const soonMs = 2_000;
const laterPollMs = 200;
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
  const startMs = performance.now();
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    const waitedMs = performance.now() - startMs;
    if (waitedMs > timeoutMs) {
      throw new Error(`Waited in vain for ${what}. Last seen: ${inspect(value, { depth: 5 })}`);
    }
    await delay(waitedMs < soonMs ? pollMs : laterPollMs);
  }
}

/** Keys that had no effect for this long were pressed in vain. */
const defaultPatienceMs = 1_500;

/** Presses keys, and now and then again, until they had their effect: VS Code drops those that come while it is busy. */
export async function pressUntil(
  effect: string,
  press: () => Promise<void>,
  isThere: () => Promise<boolean>,
  patienceMs = defaultPatienceMs,
): Promise<void> {
  let pressedMs = -Infinity;
  await until(
    effect,
    async () => {
      if (await isThere()) return true;
      if (performance.now() - pressedMs > patienceMs) {
        await press();
        pressedMs = performance.now();
      }
      return false;
    },
    (there) => there,
  );
}

/** For what may not be there yet. */
export function isDefined<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
