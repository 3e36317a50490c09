import { MemberCollector, type JsonMember, type JsonObject } from '../../shared/json-members.ts';
import { JsonScanner } from '../../shared/json-scanner.ts';
import { plainFieldName } from '../../shared/fold-case.ts';

/** The member with this plain name. Google's API takes its names in two spellings. */
export function memberCalled({ members }: JsonObject, plain: string): JsonMember | undefined {
  return members.find(({ name }) => plainFieldName(name) === plain);
}

/** The value of a member as an object that was read, but not parsed. Undefined if it is none. Reads it at once. */
export function objectIn(
  { bytes }: JsonObject,
  { valueStart, valueEnd }: JsonMember,
): JsonObject | undefined {
  const inner = bytes.subarray(valueStart, valueEnd);
  const collector = new MemberCollector(inner);
  new JsonScanner(inner, collector).advance(inner.length);
  return collector.isObject ? { bytes: inner, members: collector.members } : undefined;
}
