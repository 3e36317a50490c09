import { scanRequest } from '../../src/providers/passthrough/scan-request.ts';
import type { JsonObject } from '../../src/shared/json-members.ts';
import type { JsonPlaces } from '../../src/shared/json-strings.ts';
import type { Work } from '../../src/shared/slices.ts';

/** Does all of the work at once. */
export function done<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** The body of a request, as the gateway reads it. */
export function bodyOf(json: string): JsonObject {
  const scanned = done(scanRequest(Buffer.from(json)));
  if (!scanned.ok) throw new Error(scanned.error);
  return { bytes: scanned.value.bytes, members: scanned.value.members };
}

/** For a mapping of strings that needs no places. */
export const nowhere: JsonPlaces<undefined> = {
  place: undefined,
  name: () => undefined,
  begin: () => undefined,
  end: () => undefined,
};
