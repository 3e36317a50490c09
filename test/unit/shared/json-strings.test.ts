import assert from 'node:assert/strict';
import { mapStrings } from '../../../src/shared/json-strings.ts';
import type { Work } from '../../../src/shared/slices.ts';
import { done, nowhere } from '../../support/request-body.ts';

function mapped(json: string, map: (text: string) => string, minBytes = 0): string {
  const inSteps = function* (text: string): Work<string> {
    yield;
    return map(text);
  };
  return done(mapStrings(Buffer.from(json), minBytes, nowhere, inSteps)).toString();
}

describe('mapStrings', () => {
  it('maps names and values, and keeps unchanged strings byte for byte', () => {
    const json = '{"secret": ["a\\u0062", "secret", {"other" : "x \\"secret\\""}], "n": 1.50}';
    assert.equal(
      mapped(json, (text) => text.replace('secret', '***')),
      '{"***": ["a\\u0062", "***", {"other" : "x \\"***\\""}], "n": 1.50}',
    );
  });

  it('maps strings with escapes and of other scripts by their text', () => {
    assert.equal(
      mapped('["\\u0041", "模型", "\\ud83d\\ude00"]', (text) => `${text}!`),
      '["A!", "模型!", "😀!"]',
    );
  });

  it('maps a string of megabytes', () => {
    const long = `${'\\"'.repeat(500_000)}${'x'.repeat(3_000_000)}`;
    assert.equal(
      mapped(JSON.stringify([long]), () => 'short'),
      '["short"]',
    );
  });

  it('writes a string of megabytes that keeps its text', () => {
    for (const unit of ['x', '"', 'ü', '😀', '\n\\']) {
      const text = `!${unit.repeat(100_000)}`;
      assert.deepEqual(JSON.parse(mapped(JSON.stringify([text]), (found) => `${found}?`)), [`${text}?`]);
    }
  });

  it('leaves out what is too short to matter', () => {
    assert.equal(
      mapped('["abc","abcd"]', () => 'x', 4),
      '["abc","x"]',
    );
  });

  it('throws for text that is not JSON', () => {
    assert.throws(() => mapped('["a"', String), TypeError);
  });
});
