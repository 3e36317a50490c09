import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outlineOf, parseInSteps, type JsonOutline } from '../../../src/shared/json-outline.ts';
import { jsonLimits } from '../../../src/shared/limits.ts';
import { resultOf } from '../../support/work-result.ts';

function outline(text: string): JsonOutline | undefined {
  return resultOf(outlineOf(Buffer.from(text)));
}

describe('outlineOf', () => {
  it('returns the value of a small text as a parser does', () => {
    const shallow = fc.json({ maxDepth: 4, noUnicodeString: false });
    fc.assert(
      fc.property(shallow, (text) => {
        assert.deepEqual(outline(text)?.value, JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('returns undefined for text that is not JSON or too deep', () => {
    for (const text of ['', '{', '[1,]', '['.repeat(600) + ']'.repeat(600)])
      assert.equal(outline(text), undefined);
  });

  for (const [kind, unit] of [
    ['letters', 'a'],
    ['escapes', '\\u00fc'],
    ['pairs of escapes', '\\ud83d\\ude00'],
    ['backslashes', '\\\\'],
    ['other scripts', '語'],
  ] as const) {
    it(`keeps the beginning of a string of many ${kind}`, () => {
      const text = `{"error":{"message":"x${unit.repeat(1_000_000)}"},"type":"e"}`;
      const whole = JSON.parse(text) as { error: { message: string } };
      const found = outline(text)?.value as typeof whole & { type: string };
      const { message } = found.error;
      assert.ok(message.length > 72 * 1024, String(message.length));
      assert.ok(whole.error.message.startsWith(message));
      assert.equal(found.type, 'e');
    });
  }

  it('keeps what stands behind a large list', () => {
    const list = JSON.stringify(Array.from({ length: 100_000 }, (_, at) => ({ at, more: [at, [at]] })));
    const found = outline(`{"choices":${list},"usage":{"prompt_tokens":5}}`);
    const value = found?.value as { choices: unknown[]; usage: unknown };
    assert.equal(value.choices.length, jsonLimits.outlineItems);
    assert.deepEqual(value.usage, { prompt_tokens: 5 });
    assert.ok((found?.values ?? 0) > 500_000);
  });

  it('keeps a bounded number of values of a hostile text', () => {
    let text = '1';
    for (let depth = 0; depth < 5; depth++)
      text = `[${Array.from({ length: depth < 4 ? 9 : 60 }, () => text).join(',')}]`;
    const found = outline(`{"a":${text},"b":"ok"}`);
    const value = found?.value as { b: unknown };
    assert.equal(value.b, 'ok');
    assert.ok(JSON.stringify(value).length < 30 * jsonLimits.outlineValues);
  });

  it('counts the bytes of strings that it leaves out', () => {
    const text = `[${Array.from({ length: 200 }, () => '"0123456789"').join(',')}]`;
    assert.equal(outline(text)?.leftOutBytes, (200 - jsonLimits.outlineItems) * 10);
  });
});

describe('parseInSteps', () => {
  const parse = (text: string) => resultOf(parseInSteps(Buffer.from(text)));

  it('returns what JSON.parse returns', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        assert.deepEqual(parse(text), JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps what an outline cuts: long strings and names, long lists, deep values', () => {
    const long = 'ü語\n"'.repeat(200_000);
    const value = {
      long: [long, { long: `${long}.` }],
      ['n'.repeat(10_000)]: 1,
      list: Array.from({ length: 30_000 }, (_, at) => [at]),
      deep: JSON.parse('[{"a":'.repeat(200) + '1' + '}]'.repeat(200)) as unknown,
    };
    assert.deepEqual(parse(JSON.stringify(value)), value);
  });

  it('keeps a member of any name as one of its own, and the last of two', () => {
    const text = '{"__proto__":{"a":1},"constructor":2,"x":1,"x":2}';
    assert.deepEqual(parse(text), JSON.parse(text));
    assert.equal(({} as Record<string, unknown>)['a'], undefined);
  });

  it('returns undefined for text that is not JSON or too deep', () => {
    for (const text of ['', '{', '[1,]', '['.repeat(600) + ']'.repeat(600)])
      assert.equal(parse(text), undefined);
  });
});
