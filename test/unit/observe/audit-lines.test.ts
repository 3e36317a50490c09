import assert from 'node:assert/strict';
import { auditLine } from '../../../src/observe/audit-lines.ts';

const rowOf = (body: unknown) => ({
  seq: 7,
  atMs: 0,
  kind: 'call' as const,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  keyId: '',
  mac: new Uint8Array(),
});

describe('auditLine', () => {
  it('writes one line, with two spaces between the fields', () => {
    assert.equal(
      auditLine(rowOf({ provider: 'acme', totalMs: 1.234, outcome: 'done' })),
      '     7  1970-01-01T00:00:00.000Z  call        provider=acme  totalMs=1.23  outcome=done',
    );
  });

  for (const [what, model] of [
    ['a row', 'x\n     8  1970-01-01T00:00:00.000Z  person      act=reset'],
    ['a field', 'x  outcome=done'],
    ['another order', 'x\u202Eenod=emoctuo'],
  ] as const) {
    it(`does not let the name of a model add ${what}`, () => {
      const line = auditLine(rowOf({ model, outcome: 'refused' }));
      assert.equal(line.split('\n').length, 1);
      assert.equal(line.split(/ {2,}/).filter((field) => /^(outcome|act)=/.test(field)).length, 1);
      assert.ok(!line.includes('\u202E'));
    });
  }

  it('shows the number of a time that no date can hold', () => {
    assert.match(auditLine({ ...rowOf({}), atMs: -9e15 }), / {2}-9000000000000000 {2}call/);
  });

  it('shows a body that is too deep unchanged', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    assert.ok(auditLine(rowOf(deep)).endsWith(deep));
  });

  it('shows a body that is not JSON unchanged, on one line', () => {
    assert.match(auditLine(rowOf('broken\nact=reset')), /broken act=reset$/);
  });
});
