import type { Wording } from '../../shared/l10n.ts';
import type { Work } from '../../shared/slices.ts';
import { textOfBytes, textOfString } from './encoded-text.ts';

/** The replacement of a text. */
export interface MappedText {
  readonly text: string;
  readonly hasSecret: boolean;
}

/** `where` names the place of the text in the prompt. */
export type TextMap = (text: string, where: Wording) => Work<MappedText>;

/**
 * Maps every text in a value: strings, names of properties, and files that are text, in bytes, base64 or a data URL.
 * Returns the same value if nothing changes.
 */
export function* mapValue<T>(value: T, where: Wording, map: TextMap): Work<T> {
  return (yield* mapAny(value, where, map)) as T;
}

/** A string, and the text that it holds in base64 or as a data URL. */
export function* mapString(text: string, where: Wording, map: TextMap): Work<string> {
  const encoded = yield* textOfString(text);
  if (encoded !== undefined) {
    const inside = yield* map(encoded.text, where);
    if (inside.hasSecret) return inside.text === encoded.text ? text : yield* encoded.encode(inside.text);
  }
  // By chance, a key is base64 too.
  return (yield* map(text, where)).text;
}

function* mapAny(value: unknown, where: Wording, map: TextMap): Work<unknown> {
  if (typeof value === 'string') return yield* mapString(value, where, map);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return yield* mapBytes(value, where, map);
  if (value instanceof URL) {
    const mapped = yield* mapString(value.href, where, map);
    return mapped === value.href ? value : new URL(mapped);
  }
  if (Array.isArray(value)) return yield* mapList(value as unknown[], where, map);
  return yield* mapObject(value, where, map);
}

function* mapBytes(bytes: Uint8Array, where: Wording, map: TextMap): Work<Uint8Array> {
  const file = textOfBytes(bytes);
  if (file === undefined) return bytes;
  const { text } = yield* map(file.text, where);
  return text === file.text ? bytes : yield* file.encode(text);
}

function* mapList(list: unknown[], where: Wording, map: TextMap): Work<unknown[]> {
  const mapped: unknown[] = [];
  for (const item of list) mapped.push(yield* mapAny(item, where, map));
  return mapped.every((item, n) => item === list[n]) ? list : mapped;
}

function* mapObject(value: object, where: Wording, map: TextMap): Work<object> {
  const mapped = new Map<string, unknown>();
  let isSame = true;
  for (const [name, item] of Object.entries(value)) {
    const newName = yield* mapString(name, where, map);
    const newItem = yield* mapAny(item, where, map);
    isSame &&= newName === name && newItem === item;
    mapped.set(freeName(newName, mapped), newItem);
  }
  return isSame ? value : Object.fromEntries(mapped);
}

/** Two names may be alike once they are redacted. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name} (${n})`;
  return free;
}
