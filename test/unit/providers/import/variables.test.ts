import assert from 'node:assert/strict';
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
});
