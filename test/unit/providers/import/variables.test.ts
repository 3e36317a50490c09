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

  it('reads the address beside a key', () => {
    const { rows } = rowsOfEnvironment({
      OPENAI_API_KEY: 'one',
      OPENAI_BASE_URL: 'https://proxy.example/v1',
      AZURE_OPENAI_KEY: 'two',
      AZURE_OPENAI_ENDPOINT: 'https://x.openai.azure.com',
      HF_TOKEN: 'three',
      HF_ENDPOINT: 'https://huggingface.co',
      GROQ_API_KEY: 'four',
      GROQ_API_BASE: ' ',
    });
    assert.deepEqual(rows.map(({ provider, address }) => [provider, address]).sort(), [
      ['azure', 'https://x.openai.azure.com'],
      ['groq', undefined],
      ['huggingface', undefined],
      ['openai', 'https://proxy.example/v1'],
    ]);
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
