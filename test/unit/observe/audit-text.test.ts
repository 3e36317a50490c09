import assert from 'node:assert/strict';
import { auditLine } from '../../../src/observe/audit-text.ts';

const rowOf = (body: unknown) => ({
  seq: 7,
  atMs: 0,
  kind: 'call' as const,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  keyId: '',
  mac: new Uint8Array(),
});

describe('a row of the audit trail, for a person', () => {
  it('is one line: its fields, two spaces apart', () => {
    assert.equal(
      auditLine(rowOf({ provider: 'acme', totalMs: 1.234, outcome: 'done' })),
      '     7  1970-01-01T00:00:00.000Z  call        provider=acme  totalMs=1.23  outcome=done',
    );
  });

  for (const [what, model] of [
    ['a row', 'x\n     8  1970-01-01T00:00:00.000Z  person      act=reset'],
    ['a field', 'x  outcome=done'],
    ['an order of its own', 'x\u202Eenod=emoctuo'],
  ] as const) {
    it(`is not given ${what} by the name of a model`, () => {
      const line = auditLine(rowOf({ model, outcome: 'refused' }));
      assert.equal(line.split('\n').length, 1);
      assert.equal(line.split(/ {2,}/).filter((field) => /^(outcome|act)=/.test(field)).length, 1);
      assert.ok(!line.includes('\u202E'));
    });
  }

  it('that is no JSON is shown as it is, in its line', () => {
    assert.match(auditLine(rowOf('broken\nact=reset')), /broken act=reset$/);
  });
});
