import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withMembers } from '../../../src/shared/json-members.ts';
import { bodyOf } from '../../support/request-body.ts';

const membersOf = (json: string) => bodyOf(json).members;
const changed = (json: string, changes: Readonly<Record<string, string | undefined>>) =>
  withMembers(bodyOf(json), changes).bytes.toString();

describe('membersOf and withMembers', () => {
  it('finds the members at their positions for all values and spaces', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(undefined, 1, '\t', '\n  '),
        (object, space) => {
          const json = JSON.stringify(object, undefined, space);
          const { bytes, members } = bodyOf(json);
          const found = members.map(({ name, valueStart, valueEnd }) => [
            name,
            JSON.parse(bytes.toString('utf8', valueStart, valueEnd)) as unknown,
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

  it('notes where the members stand after a change', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 2 }), fc.jsonValue()),
        fc.dictionary(fc.string({ maxLength: 2 }), fc.option(fc.jsonValue(), { nil: undefined })),
        (object, changes) => {
          const values = Object.entries(changes).map(
            ([name, value]) => [name, JSON.stringify(value)] as const,
          );
          const after = withMembers(bodyOf(JSON.stringify(object)), Object.fromEntries(values));
          assert.deepEqual(after.members, membersOf(after.bytes.toString()));
        },
      ),
    );
  });

  it('replaces a member in place and keeps all other bytes', () => {
    const json = '{ "seed": 12345678901234567890,\n "model" : "a" , "x":1.0 }';
    assert.equal(
      changed(json, { model: '"b"' }),
      '{ "seed": 12345678901234567890,\n "model" : "b" , "x":1.0 }',
    );
  });

  it('keeps members with names such as constructor', () => {
    const others = '"__proto__":{"a":2},"constructor":1,"toString":null';
    assert.equal(changed(`{"model":"a",${others}}`, { model: '"b"' }), `{"model":"b",${others}}`);
    assert.equal(changed(`{"model":"a",${others}}`, { model: undefined }), `{${others}}`);
  });

  it('adds a member at the end and removes one', () => {
    assert.equal(changed('{"a":1 }', { b: '2' }), '{"a":1,"b":2 }');
    assert.equal(changed('{}', { b: '2' }), '{"b":2}');
    assert.equal(changed('{"a":1, "key":{"x":["}"]}, "b":1e400}', { key: undefined }), '{"a":1,"b":1e400}');
  });
});
