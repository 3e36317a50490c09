import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rowsOfDotenv } from '../../../../src/providers/import/dotenv.ts';
import { plainRows } from '../../../support/import-tables.ts';

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
      assert.deepEqual(plainRows(rowsOfDotenv(`# keys\r\n\r\n${line}\r\n`)), {
        rows: [['line 3, GROQ_API_KEY', 'groq', value]],
        bad: [],
      });
    });
  }

  it('reads the address of a key before it or after it', () => {
    const { rows } = rowsOfDotenv(
      'OPENAI_BASE_URL="https://proxy.example/v1" # ours\nOPENAI_API_KEY=a\nGROQ_API_KEY=b\nGROQ_API_BASE=https://groq.example\nXAI_API_KEY=c\nXAI_BASE_URL=\n',
    );
    assert.deepEqual(
      rows.map(({ provider, address }) => [provider, address]),
      [
        ['openai', 'https://proxy.example/v1'],
        ['groq', 'https://groq.example'],
        ['xai', undefined],
      ],
    );
  });

  it('reads only variables whose name ends in _API_KEY', () => {
    const text =
      'HOUSE_MODELS_API_KEY=abc\n#OPENAI_API_KEY=old\nDATABASE_URL=postgres://u:p@h/d\nAPI_KEY=x\n';
    assert.deepEqual(plainRows(rowsOfDotenv(text)), {
      rows: [['line 1, HOUSE_MODELS_API_KEY', 'house_models', 'abc']],
      bad: [],
    });
  });

  it('reports the line but not the value of a key that is empty or cannot be read', () => {
    const text = 'OPENAI_API_KEY=\nGROQ_API_KEY="gsk_canary\nMISTRAL_API_KEY=fine\n';
    assert.deepEqual(plainRows(rowsOfDotenv(text)), {
      rows: [['line 3, MISTRAL_API_KEY', 'mistral', 'fine']],
      bad: ['line 1, OPENAI_API_KEY: it is empty', 'line 2, GROQ_API_KEY: its value cannot be read'],
    });
  });

  for (const [what, line] of [
    ['letters', 'a'.repeat(1_000_000)],
    ['blanks', ' '.repeat(1_000_000)],
    ['blanks before a letter', `${' '.repeat(1_000_000)}x`],
    ['blanks in a value', `GROQ_API_KEY=a${' '.repeat(1_000_000)}"`],
    ['blanks after a value in quotes', `GROQ_API_KEY="a"${' '.repeat(1_000_000)}x`],
    ['an open quote', `GROQ_API_KEY="${'a'.repeat(1_000_000)}`],
    ['escapes', `GROQ_API_KEY="${'\\a'.repeat(500_000)}`],
    ['quotes', `GROQ_API_KEY=${'"'.repeat(1_000_000)}`],
    ['equals signs', '='.repeat(1_000_000)],
    ['words with equals signs', 'a = '.repeat(250_000)],
    ['export', 'export '.repeat(150_000)],
    ['line ends', '\r'.repeat(1_000_000)],
    ['empty lines', '\r\n'.repeat(500_000)],
    ['a long name', `${'A'.repeat(1_000_000)}_API_KEY=x`],
    ['numbers signs', `GROQ_API_KEY=${'#'.repeat(1_000_000)}`],
  ] as const) {
    // Quadratic work would take longer than a test may. The hostile proof measures the time.
    it(`comes to an end for a million ${what}`, () => {
      assert.ok(rowsOfDotenv(line).rows.length <= 1);
    });
  }

  it('never throws, and reads again what it wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        rowsOfDotenv(text);
      }),
    );
    const value = fc
      .stringMatching(/^[^\s#"'`\\][^#"'`\\\r\n]{0,40}$/)
      .filter((text) => text === text.trim());
    fc.assert(
      fc.property(value, fc.constantFrom('"', "'", '`', ''), (text, quote) => {
        const { rows } = plainRows(rowsOfDotenv(`GROQ_API_KEY = ${quote}${text}${quote} # it`));
        assert.deepEqual(rows, [['line 1, GROQ_API_KEY', 'groq', text]]);
      }),
    );
  });

  it('refuses a file with too many keys', () => {
    assert.throws(() => rowsOfDotenv('GROQ_API_KEY=x\n'.repeat(1_001)), /the file has more than 1000 rows/);
  });
});
