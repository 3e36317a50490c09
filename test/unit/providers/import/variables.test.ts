import assert from 'node:assert/strict';
import { rowsOfDotenv, rowsOfEnvironment } from '../../../../src/providers/import/variables.ts';
import { english } from '../../../../src/shared/l10n.ts';

function plain({ rows, bad }: ReturnType<typeof rowsOfDotenv>) {
  return {
    rows: rows.map(({ place, provider, value }) => [place(english), provider, value.reveal()]),
    bad: bad.map(({ place, problem }) => `${place(english)}: ${problem(english)}`),
  };
}

describe('keys in the environment', () => {
  it('are found by the variables that providers read, and by no other', () => {
    const env = {
      OPENAI_API_KEY: 'sk-one',
      GEMINI_API_KEY: 'two',
      XAI_API_KEY: ' ',
      PATH: '/bin',
      STRIPE_API_KEY: 'not a model',
    };
    assert.deepEqual(plain(rowsOfEnvironment(env)), {
      rows: [
        ['OPENAI_API_KEY', 'openai', 'sk-one'],
        ['GEMINI_API_KEY', 'google', 'two'],
      ],
      bad: [],
    });
  });
});

describe('keys in a .env file', () => {
  for (const [what, line, value] of [
    ['as they are', 'GROQ_API_KEY=gsk_1', 'gsk_1'],
    ['exported', '  export GROQ_API_KEY = gsk_1', 'gsk_1'],
    ['in double quotes', 'GROQ_API_KEY="gsk \\"1\\" # 2" # the key', 'gsk "1" # 2'],
    ['in single quotes', "GROQ_API_KEY='gsk_1\\n'", 'gsk_1\\n'],
    ['in backticks', 'GROQ_API_KEY=`gsk_1`', 'gsk_1'],
    ['before a comment', 'GROQ_API_KEY=gsk_1 # the key', 'gsk_1'],
    ['with = in them', 'GROQ_API_KEY=c2sxMjM0NTY3ODkwMTI=', 'c2sxMjM0NTY3ODkwMTI='],
  ] as const) {
    it(`are read ${what}`, () => {
      assert.deepEqual(plain(rowsOfDotenv(`# keys\r\n\r\n${line}\r\n`)), {
        rows: [['line 3, GROQ_API_KEY', 'groq', value]],
        bad: [],
      });
    });
  }

  it('are taken by whatever name ends in _API_KEY, and other variables are not', () => {
    const text =
      'HOUSE_MODELS_API_KEY=abc\n#OPENAI_API_KEY=old\nDATABASE_URL=postgres://u:p@h/d\nAPI_KEY=x\n';
    assert.deepEqual(plain(rowsOfDotenv(text)), {
      rows: [['line 1, HOUSE_MODELS_API_KEY', 'house_models', 'abc']],
      bad: [],
    });
  });

  it('are told of with their line, and not shown, when they are empty or cannot be read', () => {
    const text = 'OPENAI_API_KEY=\nGROQ_API_KEY="gsk_canary\nMISTRAL_API_KEY=fine\n';
    assert.deepEqual(plain(rowsOfDotenv(text)), {
      rows: [['line 3, MISTRAL_API_KEY', 'mistral', 'fine']],
      bad: ['line 1, OPENAI_API_KEY: it is empty', 'line 2, GROQ_API_KEY: its value cannot be read'],
    });
  });
});
