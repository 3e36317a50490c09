import assert from 'node:assert/strict';
import { rowsOfDotenv, rowsOfEnvironment } from '../../../../src/providers/import/variables.ts';
import { english } from '../../../../src/shared/l10n.ts';

function plain({ rows, bad }: ReturnType<typeof rowsOfDotenv>) {
  return {
    rows: rows.map(({ place, provider, value }) => [place(english), provider, value.reveal()]),
    bad: bad.map(({ place, problem }) => `${place(english)}: ${problem(english)}`),
  };
}

describe('rowsOfEnvironment', () => {
  it('reads only the variables that the SDKs of providers read', () => {
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

describe('rowsOfDotenv', () => {
  for (const [what, line, value] of [
    ['as it is', 'GROQ_API_KEY=gsk_1', 'gsk_1'],
    ['exported', '  export GROQ_API_KEY = gsk_1', 'gsk_1'],
    ['in double quotes', 'GROQ_API_KEY="gsk \\"1\\" # 2" # the key', 'gsk "1" # 2'],
    ['in single quotes', "GROQ_API_KEY='gsk_1\\n'", 'gsk_1\\n'],
    ['in backticks', 'GROQ_API_KEY=`gsk_1`', 'gsk_1'],
    ['before a comment', 'GROQ_API_KEY=gsk_1 # the key', 'gsk_1'],
    ['with = in it', 'GROQ_API_KEY=c2sxMjM0NTY3ODkwMTI=', 'c2sxMjM0NTY3ODkwMTI='],
  ] as const) {
    it(`reads a key ${what}`, () => {
      assert.deepEqual(plain(rowsOfDotenv(`# keys\r\n\r\n${line}\r\n`)), {
        rows: [['line 3, GROQ_API_KEY', 'groq', value]],
        bad: [],
      });
    });
  }

  it('reads only variables whose name ends in _API_KEY', () => {
    const text =
      'HOUSE_MODELS_API_KEY=abc\n#OPENAI_API_KEY=old\nDATABASE_URL=postgres://u:p@h/d\nAPI_KEY=x\n';
    assert.deepEqual(plain(rowsOfDotenv(text)), {
      rows: [['line 1, HOUSE_MODELS_API_KEY', 'house_models', 'abc']],
      bad: [],
    });
  });

  it('reports the line but not the value of a key that is empty or cannot be read', () => {
    const text = 'OPENAI_API_KEY=\nGROQ_API_KEY="gsk_canary\nMISTRAL_API_KEY=fine\n';
    assert.deepEqual(plain(rowsOfDotenv(text)), {
      rows: [['line 3, MISTRAL_API_KEY', 'mistral', 'fine']],
      bad: ['line 1, OPENAI_API_KEY: it is empty', 'line 2, GROQ_API_KEY: its value cannot be read'],
    });
  });
});
