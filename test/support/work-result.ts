import type { Work } from '../../src/shared/slices.ts';

/** Does all of the work at once. */
export function resultOf<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
