import { sleep, type Clock } from './clock.ts';

/**
 * The result of `work`, or 'late' after `mostMs`. Late work cannot be stopped, so it asks `isLate` before it goes on. Its
 * result or error is dropped.
 */
export async function within<T>(
  clock: Clock,
  mostMs: number,
  work: (isLate: () => boolean) => Promise<T>,
): Promise<T | 'late'> {
  const done = new AbortController();
  let isLate = false;
  const limit = sleep(clock, mostMs, done.signal).then(() => {
    isLate = true;
    return 'late' as const;
  });
  try {
    return await Promise.race([work(() => isLate), limit]);
  } finally {
    done.abort();
  }
}
