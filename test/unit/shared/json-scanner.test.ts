import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonScanner, type JsonScanEnd, type JsonVisitor } from '../../../src/shared/json-scanner.ts';
import { jsonLimits } from '../../../src/shared/limits.ts';

/** The events of a scan, read in slices of `bytes`. */
function scan(text: string | Uint8Array, bytes = Infinity): { end: JsonScanEnd; events: string[] } {
  const buffer = Buffer.from(text);
  const events: string[] = [];
  const begun: number[] = [];
  const visitor: JsonVisitor = {
    name: (start, end, hasEscape, depth) =>
      events.push(`name ${buffer.toString('utf8', start, end)} ${depth}${hasEscape ? ' escaped' : ''}`),
    begin: (at, byte, depth) => {
      assert.equal(byte, buffer[at]);
      begun[depth] = at;
    },
    end: (at, depth, hasEscape) =>
      events.push(`${buffer.toString('utf8', begun[depth], at)} ${depth}${hasEscape ? ' escaped' : ''}`),
  };
  const scanner = new JsonScanner(buffer, visitor);
  for (;;) {
    const end = scanner.advance(bytes);
    if (end !== undefined) return { end, events };
  }
}

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the JSON scanner', () => {
  it('finds names and values with their places and depths', () => {
    const { end, events } = scan(' {"a" : [1, "b\\n"], "c\\u0064":{"e":null} } ');
    assert.equal(end, 'done');
    assert.deepEqual(events, [
      'name "a" 1',
      '1 2',
      String.raw`"b\n" 2 escaped`,
      String.raw`[1, "b\n"] 1`,
      String.raw`name "c\u0064" 1 escaped`,
      'name "e" 2',
      'null 2',
      '{"e":null} 1',
      String.raw`{"a" : [1, "b\n"], "c\u0064":{"e":null} } 0`,
    ]);
  });

  for (const text of [
    ...[
      '',
      ' ',
      '{',
      '[',
      '{]',
      '[}',
      '"',
      '"a',
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '[1,]',
      '[,1]',
      '[1 2]',
      '1 2',
    ],
    ...[
      '{a:1}',
      "{'a':1}",
      '{"a":1}}',
      '//',
      '[1]/**/',
      'nul',
      'nulls',
      'True',
      'NaN',
      'Infinity',
      'undefined',
    ],
    ...['01', '1.', '.1', '-', '+1', '1e', '1e+', '0x1', '--1', '1_000', '"\t"', '"\n"', String.raw`"\x"`],
    ...[String.raw`"\u12"`, String.raw`"\u12g4"`, '"\\', '\ufeff1', '\v1', '\u00a01'],
  ]) {
    it(`calls ${JSON.stringify(text)} no JSON, as JSON.parse does`, () => {
      assert.equal(scan(text).end, 'invalid');
      assert.ok(!isJson(text));
    });
  }

  it('calls bytes that are not UTF-8 no JSON', () => {
    assert.equal(scan(Buffer.from([quote, 0xff, quote])).end, 'invalid');
    assert.equal(scan(Buffer.from([quote, 0xed, 0xa0, 0x80, quote])).end, 'invalid');
  });

  it('takes as many open brackets as allowed, and no more', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.equal(scan(nested(jsonLimits.depth)).end, 'done');
    assert.equal(scan(nested(jsonLimits.depth + 1)).end, 'tooDeep');
    assert.equal(scan('{"a":'.repeat(jsonLimits.depth + 1)).end, 'tooDeep');
  });

  it('refuses a number that is longer than any that means something', () => {
    assert.equal(scan('1'.repeat(1_000)).end, 'done');
    assert.equal(scan('1'.repeat(jsonLimits.digits)).end, 'invalid');
    assert.equal(scan(`0.${'1'.repeat(jsonLimits.digits)}`).end, 'invalid');
  });

  const json = fc.json({ stringUnit: 'binary', maxDepth: 6 });

  it('judges every text as JSON.parse does', () => {
    const broken = fc
      .tuple(json, fc.nat(), fc.nat(), fc.string({ maxLength: 3 }))
      .map(([text, at, length, put]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + put + text.slice(start + (length % 4));
      });
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          broken,
          fc.string({
            unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', ' ', '0', 'e', '-', 'u'),
          }),
        ),
        (text) => {
          assert.equal(scan(text).end === 'done', isJson(text.toWellFormed()));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('finds the same in slices of any length', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: 40 }), (text, bytes) => {
        assert.deepEqual(scan(text, bytes), scan(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds every string and name of a text', () => {
    fc.assert(
      fc.property(json, (text) => {
        const strings: string[] = [];
        JSON.parse(text, (_, value: unknown) => {
          if (typeof value === 'string') strings.push(value);
          return value;
        });
        const found = scan(text)
          .events.filter((event) => event.startsWith('"'))
          .map((event) => JSON.parse(event.slice(0, event.lastIndexOf('"') + 1)) as string);
        for (const each of strings) assert.ok(found.includes(each));
      }),
      { numRuns: 1_000 },
    );
  });
});

const quote = 0x22;
