import assert from 'node:assert/strict';
import { shapes } from '../../../src/redaction/shapes/registry.ts';
import { describeSecrets } from '../../../src/providers/prompt-check/prompt-check.ts';
import { parseOwnShapes } from '../../../src/redaction/own-shapes.ts';
import { english } from '../../../src/shared/l10n.ts';
import { codeIn, exampleOf, readPage, sectionOf, tableRowsIn } from '../../support/markdown.ts';
import { kindsLead, secretKinds, withKinds } from '../../support/secret-kinds.ts';

interface Schema {
  readonly maxItems?: number;
  readonly items: {
    readonly required: readonly string[];
    readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

const words = JSON.parse(readPage('package.nls.json')) as Readonly<Record<string, string>>;
const manifest = JSON.parse(readPage('package.json')) as {
  contributes: { configuration: { properties: Readonly<Record<string, Schema>> } };
};
const schema = manifest.contributes.configuration.properties['callguard.redaction.shapes'];

// `npm run l10n` writes both lists.
describe('the kinds of secrets', () => {
  it('are listed in docs/security.md as the registry has them', () => {
    assert.deepEqual(tableRowsIn(sectionOf('docs/security.md', 'Kinds of secrets')), secretKinds());
  });

  it('are listed in the description of callguard.promptSecrets as the registry has them', () => {
    const description = words['setting.promptSecrets'] ?? '';
    assert.equal(description, withKinds(description));
    const [, list = ''] = description.split(kindsLead);
    for (const { label } of shapes) assert.ok(list.includes(label(english)), label(english));
  });

  it('are named in the dialog as the registry names them', () => {
    for (const { label } of shapes) {
      const found = [{ id: '1', label, where: () => 'message 1' }];
      assert.equal(describeSecrets(found, english), `${label(english)} in message 1`);
    }
  });
});

describe("a user's own kinds of secrets", () => {
  const place = 'callguard.redaction.shapes';

  it('have an example in docs/security.md that can be read', () => {
    const { shapes: read, problems } = parseOwnShapes(exampleOf('docs/security.md', place)[place]);
    assert.deepEqual([read.length, problems], [1, []]);
  });

  it('have the same properties in docs/security.md and in the schema', () => {
    const rows = tableRowsIn(sectionOf('docs/security.md', 'Your own kinds of secrets'));
    const names = rows.map(([name = '']) => codeIn(name)[0]);
    assert.deepEqual(names, schema?.items.required);
    assert.deepEqual(names, Object.keys(schema?.items.properties ?? {}));
  });

  it('have the bounds in the schema that hold', () => {
    const base = { name: 'Acme', prefix: 'acme_', chars: 'hex', min: 8, max: 4_096 };
    const passes = (change: object) => parseOwnShapes([{ ...base, ...change }]).problems.length === 0;
    for (const [name, { minimum, maximum, minLength, maxLength, enum: choices }] of Object.entries(
      schema?.items.properties ?? {},
    )) {
      if (Array.isArray(choices))
        for (const choice of choices as unknown[]) assert.ok(passes({ [name]: choice }));
      const atLeast = typeof minimum === 'number' ? minimum : Number(minLength);
      const atMost = typeof maximum === 'number' ? maximum : Number(maxLength);
      const valueOf = (size: number) => (typeof minimum === 'number' ? size : 'x'.repeat(size));
      if (Number.isNaN(atLeast)) continue;
      for (const [size, isAllowed] of [
        [atLeast - 1, false],
        [atLeast, true],
        [atMost, true],
        [atMost + 1, false],
      ] as const) {
        const other = name === 'min' ? { max: 4_096 } : name === 'max' ? { min: 8 } : {};
        assert.equal(passes({ ...other, [name]: valueOf(size) }), isAllowed, `${name}: ${size}`);
      }
    }
    const most = schema?.maxItems ?? 0;
    assert.equal(parseOwnShapes(Array(most).fill(base)).problems.length, 0);
    assert.equal(parseOwnShapes(Array(most + 1).fill(base)).problems.length, 1);
  });
});
