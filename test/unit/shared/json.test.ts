import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../../src/shared/json.ts';
import { jsonLimits } from '../../../src/shared/limits.ts';

describe('parseJson', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it('parses every JSON text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        assert.deepEqual(parseJson(text), JSON.parse(text));
      }),
    );
  });

  it('returns undefined for other text', () => {
    for (const text of ['', '{', '[1,]', 'undefined', '"']) assert.equal(parseJson(text), undefined);
  });

  it('returns undefined for a text that is too deep', () => {
    assert.deepEqual(parseJson(nested(jsonLimits.depth)), JSON.parse(nested(jsonLimits.depth)));
    assert.equal(parseJson(nested(jsonLimits.depth + 1)), undefined);
    assert.equal(parseJson(`{"a":${'{"b":['.repeat(300)}${']}'.repeat(300)}}`), undefined);
  });

  it('counts no brackets in strings', () => {
    for (const text of [
      '['.repeat(2_000),
      `\\"${'{'.repeat(2_000)}`,
      `a"${'['.repeat(2_000)}`,
      '\\'.repeat(2_001),
    ])
      assert.equal(parseJson(JSON.stringify(text)), text);
  });

  it('returns for megabytes of brackets', () => {
    assert.equal(parseJson('['.repeat(32 * 1024 * 1024)), undefined);
  });
});
