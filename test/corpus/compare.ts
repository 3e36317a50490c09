import { isDeepStrictEqual } from 'node:util';
import { finishOfWord } from '../../src/providers/dialects/finish-reason.ts';
import type { CorpusCase, Door, Seen, SeenCall } from './case-format.ts';

/** What differs between the members that are expected and those that were seen, one line each. */
export function differences(expected: object, seen: object, place: string): string[] {
  const values = seen as Readonly<Record<string, unknown>>;
  return Object.entries(expected).flatMap(([name, wanted]: [string, unknown]) => {
    const found = values[name];
    const where = `${place}.${name}`;
    if (name === 'says') return String(found).includes(String(wanted)) ? [] : [line(where, wanted, found)];
    if (isObject(wanted) && isObject(found)) return differences(wanted, found, where);
    return isDeepStrictEqual(wanted, found) ? [] : [line(where, wanted, found)];
  });
}

/** What a text lacks or has too much. */
export function partDifferences(
  text: string,
  { sent = [], notSent = [] }: Pick<CorpusCase['expect'], 'sent' | 'notSent'>,
): string[] {
  return [
    ...sent.filter((part) => !text.includes(part)).map((part) => `request: lacks ${part}`),
    ...notSent.filter((part) => text.includes(part)).map((part) => `request: has ${part}`),
  ];
}

/** The audit row of an answer has the reason for its end that the reader got, in the words of the AI SDK. */
export function finishDifferences(door: Door, { finish }: Seen, call: SeenCall): string[] {
  if (call.outcome !== 'done' || finish === null || finish === undefined) return [];
  const wanted = door === 'gateway' ? finishOfWord(finish) : finish;
  return wanted === call.finish ? [] : [line('call.finish', wanted, call.finish)];
}

function line(where: string, wanted: unknown, found: unknown): string {
  return `${where}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
