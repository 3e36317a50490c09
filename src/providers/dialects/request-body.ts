import { isObject } from '../../shared/json.ts';
import type { BodyChange, ModelWire, RequestBody } from './dialect.ts';

/** The wire, with each change made to the bodies that the AI SDK sends through it. */
export function changingBodies(wire: ModelWire, changes: readonly BodyChange[]): ModelWire {
  if (changes.length === 0) return wire;
  return {
    fetch: (input, init) => {
      const { body } = init ?? {};
      if (typeof body !== 'string') throw new TypeError('the AI SDK must send its body as a text');
      const whole: unknown = JSON.parse(body);
      if (!isObject(whole)) throw new TypeError('a body must be an object');
      const changed = changes.reduce((each, change) => change(each), whole);
      return wire.fetch(input, { ...init, body: JSON.stringify(changed) });
    },
  };
}

/** Sets members as a JSON merge patch does (RFC 7396): objects member by member, and null takes a member away. */
export function patched(body: RequestBody, patch: RequestBody): RequestBody {
  const result = new Map(Object.entries(body));
  for (const [name, value] of Object.entries(patch)) {
    const known = result.get(name);
    if (value === null) result.delete(name);
    else if (isObject(value)) result.set(name, patched(isObject(known) ? known : {}, value));
    else result.set(name, value);
  }
  return Object.fromEntries(result);
}
