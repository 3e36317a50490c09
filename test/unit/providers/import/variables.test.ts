import assert from 'node:assert/strict';
import { providerKind, providerKinds } from '../../../../src/providers/config/catalogue.ts';
import { keyVariablesOf } from '../../../../src/providers/config/key-variables.ts';
import { rowsOfEnvironment } from '../../../../src/providers/import/variables.ts';
import { plainRows } from '../../../support/import-tables.ts';

describe('rowsOfEnvironment', () => {
  it('reads only the variables that the SDKs of providers read', () => {
    const env = {
      OPENAI_API_KEY: 'sk-one',
      GEMINI_API_KEY: 'two',
      XAI_API_KEY: ' ',
      PATH: '/bin',
      STRIPE_API_KEY: 'not a model',
    };
    assert.deepEqual(plainRows(rowsOfEnvironment(env)), {
      rows: [
        ['OPENAI_API_KEY', 'openai', 'sk-one'],
        ['GEMINI_API_KEY', 'google', 'two'],
      ],
      bad: [],
    });
  });

  it('reads the variables of every kind that has a key', () => {
    const withKey = providerKinds.filter((kind) => providerKind(kind).key !== 'none');
    const expected = withKey.flatMap((kind) => keyVariablesOf(kind).map((name) => [name, kind, 'value']));
    const env = Object.fromEntries(expected.map(([name = '']) => [name, 'value']));
    const { rows } = plainRows(rowsOfEnvironment(env));
    assert.ok(rows.length > 50);
    assert.deepEqual(sorted(rows), sorted(expected));
  });
});

function sorted(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
