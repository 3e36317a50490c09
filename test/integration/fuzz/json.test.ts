import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { MemberCollector, withMembers, type JsonMember } from '../../../src/shared/json-members.ts';
import { JsonScanner, type JsonScanEnd, type JsonVisitor } from '../../../src/shared/json-scanner.ts';
import { mapStrings } from '../../../src/shared/json-strings.ts';
import { isObject, parseJson } from '../../../src/shared/json.ts';
import { jsonLimits } from '../../../src/shared/limits.ts';
import type { Work } from '../../../src/shared/slices.ts';
import { fuzz, mutated } from '../../support/fuzz.ts';
import { nowhere } from '../../support/request-body.ts';

/** V8 13.6 has a bug: JSON.parse reads the name "\\n" as "\\" if it read such a name in a similar object before. */
const readsWell = (text: string) => !text.includes(String.raw`"\\"`);

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

const escaped = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        String.raw`\n`,
        String.raw`\"`,
        String.raw`\\`,
        String.raw`\u0061`,
        String.raw`\ud83d\uDE00`,
      ),
      fc.constantFrom(String.raw`\ud800`, '\u007f', 'é', '\u{1f511}', '\u2028', 'model', '{', ']', ','),
      fc.string({ maxLength: 4 }).map((text) => JSON.stringify(text).slice(1, -1)),
    ),
    { maxLength: 4 },
  )
  .map((parts) => `"${parts.join('')}"`)
  .filter((text) => readsWell(text));

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('-0', '0e0', '1E+2', '12345678901234567890', '1e400', '0.0', `0.${'3'.repeat(1_000)}`),
  fc.constantFrom('1'.repeat(jsonLimits.digits - 1), '1'.repeat(jsonLimits.digits)),
);

/** The text of a JSON value as any writer may write it: spaces, escapes, one name twice, numbers of any size. */
const { value: jsonText } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(escaped, number, fc.constantFrom('true', 'false', 'null')),
    tie('list'),
    tie('object'),
  ),
  list: fc
    .array(fc.tuple(space, tie('value'), space), { maxLength: 4 })
    .map((items) => `[${items.map((parts) => parts.join('')).join(',')}]`),
  object: fc
    .array(fc.tuple(space, escaped, space, space, tie('value'), space), { maxLength: 4 })
    .map(
      (members) =>
        `{${members.map(([a, name, b, c, value, d]) => `${a}${name}${b}:${c}${value}${d}`).join(',')}}`,
    ),
}));

const nested = fc
  .tuple(fc.integer({ min: jsonLimits.depth - 2, max: jsonLimits.depth + 2 }), fc.constantFrom('[', '{"a":'))
  .map(([depth, open]) => `${open.repeat(depth)}1${(open === '[' ? ']' : '}').repeat(depth)}`);

const soup = fc.string({
  unit: fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    ' ',
    '0',
    '1',
    '.',
    'e',
    '-',
    'u',
    'true',
    'null',
  ),
  maxLength: 30,
});

const document = mutated(
  fc
    .oneof(
      { weight: 6, arbitrary: jsonText },
      { weight: 1, arbitrary: nested },
      { weight: 2, arbitrary: soup },
    )
    .map((text) => Buffer.from(text)),
).filter((bytes) => readsWell(bytes.toString()));

interface Scanned {
  readonly end: JsonScanEnd;
  readonly events: readonly string[];
}

function scan(bytes: Buffer, sizes: readonly number[] = [Infinity]): Scanned {
  const events: string[] = [];
  const visitor: JsonVisitor = {
    name: (...event) => events.push(`name ${event.join(' ')}`),
    begin: (...event) => events.push(`begin ${event.join(' ')}`),
    end: (...event) => events.push(`end ${event.join(' ')}`),
  };
  const scanner = new JsonScanner(bytes, visitor);
  for (let turn = 0; ; turn += 1) {
    const end = scanner.advance(sizes[Math.min(turn, sizes.length - 1)] ?? Infinity);
    if (end !== undefined) return { end, events };
  }
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The open brackets of a text that is JSON. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const hasLongNumber = (text: string) =>
  new RegExp(String.raw`\d{${jsonLimits.digits}}`).test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''));

/** What a visitor sees of a value: every string and name, every object and list, at its place. */
function collected(bytes: Buffer): MemberCollector {
  const members = new MemberCollector(bytes);
  assert.equal(new JsonScanner(bytes, members).advance(Infinity), 'done');
  return members;
}

function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

function withMark(value: unknown): unknown {
  if (typeof value === 'string') return `${value}!`;
  if (Array.isArray(value)) return value.map(withMark);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [`${name}!`, withMark(member)]));
}

describe('Fuzz: JSON', () => {
  fuzz(
    'the scanner takes what JSON.parse takes, up to its bounds',
    1_000,
    fc.property(document, (bytes) => {
      const text = bytes.toString();
      const isJson = isUtf8(bytes) && parsed(text) !== undefined;
      const { end } = scan(bytes);
      if (!isJson) assert.notEqual(end, 'done');
      else if (depthOf(text) > jsonLimits.depth) assert.notEqual(end, 'done');
      else assert.equal(end, hasLongNumber(text) ? 'invalid' : 'done');
    }),
  );

  fuzz(
    'the scanner finds the same at every border between two slices',
    70,
    fc.property(document, (bytes) => {
      const whole = scan(bytes);
      const step = Math.max(1, Math.ceil(bytes.length / 200));
      for (let border = 0; border <= bytes.length; border += step)
        assert.deepEqual(scan(bytes, [border, Infinity]), whole);
      assert.deepEqual(scan(bytes, [1]), whole);
    }),
  );

  fuzz(
    'parseJson gives what JSON.parse gives, up to the depth that is allowed',
    500,
    fc.property(document, (bytes) => {
      const text = bytes.toString();
      const expected = parsed(text);
      const isDeep = expected !== undefined && depthOf(text) > jsonLimits.depth;
      assert.deepEqual(parseJson(text), isDeep ? undefined : expected?.value);
    }),
  );

  fuzz(
    'the members of an object are found with their names, places and duplicates',
    100,
    fc.property(
      fc.array(fc.tuple(space, escaped, space, space, jsonText, space), { maxLength: 6 }),
      (members) => {
        fc.pre(!members.some(([, , , , value]) => hasLongNumber(value)));
        const bytes = Buffer.from(
          `{${members.map(([a, name, b, c, value, d]) => `${a}${name}${b}:${c}${value}${d}`).join(',')}}`,
        );
        const found = collected(bytes).members.map(({ name, start, valueStart, valueEnd }) => [
          name,
          bytes[start],
          bytes.toString('utf8', valueStart, valueEnd),
        ]);
        const expected = members.map(([, name, , , value]) => [
          JSON.parse(name) as string,
          '"'.charCodeAt(0),
          value,
        ]);
        assert.deepEqual(found, expected);
      },
    ),
  );

  fuzz(
    'a changed member changes nothing else',
    100,
    fc.property(
      fc.array(
        fc.tuple(space, fc.constantFrom('"a"', '"b"', String.raw`"\u0061"`, '"__proto__"'), jsonText),
        {
          maxLength: 6,
        },
      ),
      fc.constantFrom('a', 'b', '__proto__', 'new'),
      fc.option(jsonText, { nil: undefined }),
      (members, name, value) => {
        fc.pre(!members.some(([, , text]) => hasLongNumber(text)));
        const bytes = Buffer.from(
          `{${members.map((parts) => `${parts[0]}${parts[1]}:${parts[2]}`).join(',')}}`,
        );
        const before = collected(bytes).members;
        const after = withMembers({ bytes, members: before }, Object.fromEntries([[name, value]]));
        const textOf = (from: Buffer, all: readonly JsonMember[], other: boolean) =>
          all
            .filter((each) => (each.name === name) !== other)
            .map(({ start, valueEnd }) => from.toString('utf8', start, valueEnd));
        assert.deepEqual(textOf(after.bytes, after.members, true), textOf(bytes, before, true));
        assert.deepEqual(
          after.members
            .filter((each) => each.name === name)
            .map(({ valueStart, valueEnd }) => after.bytes.toString('utf8', valueStart, valueEnd)),
          value === undefined
            ? []
            : Array.from({ length: Math.max(1, textOf(bytes, before, false).length) }, () => value),
        );
        if (value === undefined || !hasLongNumber(value))
          assert.deepEqual(collected(after.bytes).members, after.members);
      },
    ),
  );

  fuzz(
    'every string and name is mapped, and nothing else',
    300,
    fc.property(jsonText, (text) => {
      fc.pre(!hasLongNumber(text));
      const mapped = finish(
        mapStrings(Buffer.from(text), 0, nowhere, function* (each) {
          yield;
          return `${each}!`;
        }),
      );
      assert.deepEqual(JSON.parse(mapped.toString()), withMark(JSON.parse(text)));
      const same = finish(
        mapStrings(Buffer.from(text), 0, nowhere, function* (each) {
          yield;
          return each;
        }),
      );
      assert.equal(same.toString(), text);
    }),
  );
});
