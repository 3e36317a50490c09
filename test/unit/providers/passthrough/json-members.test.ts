import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mapStrings, membersOf, withMembers } from '../../../../src/providers/passthrough/json-members.ts';

describe('membersOf and withMembers', () => {
  it('finds the members at their positions for all values and spaces', () => {
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

  it('finds duplicate names and names with escapes', () => {
    const names = membersOf('{"model":1,"mod\\u0065l":2}').map(({ name }) => name);
    assert.deepEqual(names, ['model', 'model']);
  });

  it('replaces a member in place and keeps all other bytes', () => {
    const json = '{ "seed": 12345678901234567890,\n "model" : "a" , "x":1.0 }';
    assert.equal(
      withMembers(json, { model: '"b"' }),
      '{ "seed": 12345678901234567890,\n "model" : "b" , "x":1.0 }',
    );
  });

  it('keeps members with names such as constructor', () => {
    const others = '"__proto__":{"a":2},"constructor":1,"toString":null';
    assert.equal(withMembers(`{"model":"a",${others}}`, { model: '"b"' }), `{"model":"b",${others}}`);
    assert.equal(withMembers(`{"model":"a",${others}}`, { model: undefined }), `{${others}}`);
  });

  it('adds a member at the end and removes one', () => {
    assert.equal(withMembers('{"a":1 }', { b: '2' }), '{"a":1,"b":2 }');
    assert.equal(withMembers('{}', { b: '2' }), '{"b":2}');
    assert.equal(
      withMembers('{"a":1, "key":{"x":["}"]}, "b":1e400}', { key: undefined }),
      '{"a":1,"b":1e400}',
    );
  });
});

describe('mapStrings', () => {
  it('keeps names and unchanged strings byte for byte', () => {
    const json = '{"secret": ["a\\u0062", "secret", {"secret" : "x \\"secret\\""}], "n": 1.50}';
    const mapped = mapStrings(json, (text) => text.replace('secret', '***'));
    assert.equal(mapped, '{"secret": ["a\\u0062", "***", {"secret" : "x \\"***\\""}], "n": 1.50}');
  });

  it('maps a string of megabytes', () => {
    const long = `${'\\"'.repeat(500_000)}${'x'.repeat(3_000_000)}`;
    assert.equal(
      mapStrings(JSON.stringify([long]), () => 'short'),
      '["short"]',
    );
  });
});
