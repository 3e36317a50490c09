import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mapStrings, membersOf, withMembers } from '../../../../src/providers/passthrough/json-members.ts';

describe('the members of a JSON text', () => {
  it('stand where they are said to, whatever the values and the spaces', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(undefined, 1, '\t', '\n  '),
        (object, space) => {
          const json = JSON.stringify(object, undefined, space);
          const found = membersOf(json).map(({ name, valueStart, valueEnd }) => [
            name,
            JSON.parse(json.slice(valueStart, valueEnd)) as unknown,
          ]);
          assert.deepEqual(found, Object.entries(JSON.parse(json) as Record<string, unknown>));
        },
      ),
    );
  });

  it('are told apart also where a name stands twice, or is written with escapes', () => {
    const names = membersOf('{"model":1,"mod\\u0065l":2}').map(({ name }) => name);
    assert.deepEqual(names, ['model', 'model']);
  });

  it('are set in their place, and everything else keeps its bytes', () => {
    const json = '{ "seed": 12345678901234567890,\n "model" : "a" , "x":1.0 }';
    assert.equal(
      withMembers(json, { model: '"b"' }),
      '{ "seed": 12345678901234567890,\n "model" : "b" , "x":1.0 }',
    );
  });

  it('keep their bytes also where they are called as what every object has', () => {
    const others = '"__proto__":{"a":2},"constructor":1,"toString":null';
    assert.equal(withMembers(`{"model":"a",${others}}`, { model: '"b"' }), `{"model":"b",${others}}`);
    assert.equal(withMembers(`{"model":"a",${others}}`, { model: undefined }), `{${others}}`);
  });

  it('are added at the end, and taken out', () => {
    assert.equal(withMembers('{"a":1 }', { b: '2' }), '{"a":1,"b":2 }');
    assert.equal(withMembers('{}', { b: '2' }), '{"b":2}');
    assert.equal(
      withMembers('{"a":1, "key":{"x":["}"]}, "b":1e400}', { key: undefined }),
      '{"a":1,"b":1e400}',
    );
  });
});

describe('mapping the strings of a JSON text', () => {
  it('leaves names and everything unchanged as it is', () => {
    const json = '{"secret": ["a\\u0062", "secret", {"secret" : "x \\"secret\\""}], "n": 1.50}';
    const mapped = mapStrings(json, (text) => text.replace('secret', '***'));
    assert.equal(mapped, '{"secret": ["a\\u0062", "***", {"secret" : "x \\"***\\""}], "n": 1.50}');
  });

  it('takes a string of megabytes', () => {
    const long = `${'\\"'.repeat(500_000)}${'x'.repeat(3_000_000)}`;
    assert.equal(
      mapStrings(JSON.stringify([long]), () => 'short'),
      '["short"]',
    );
  });
});
