import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outlineOf, type JsonOutline } from '../../../src/shared/json-outline.ts';
import { jsonLimits } from '../../../src/shared/limits.ts';

function outline(text: string): JsonOutline | undefined {
  const work = outlineOf(Buffer.from(text));
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

describe('outlineOf', () => {
  it('returns the value of a small text as a parser does', () => {
    const shallow = fc
      .json({ maxDepth: 4, noUnicodeString: false })
      .filter((text) => !text.includes('__proto__'));
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
