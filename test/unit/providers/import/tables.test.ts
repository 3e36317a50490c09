import assert from 'node:assert/strict';
import { readJsonTables } from '../../../../src/providers/import/json-tables.ts';
import { guessMapping, type ColumnMapping } from '../../../../src/providers/import/table.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { readLikeliest } from '../../../support/import-tables.ts';

describe('guessMapping', () => {
  const guesses: [string[], Partial<ColumnMapping>][] = [
    [['id', 'provider', 'api_key', 'created_at'], { provider: 'provider', key: 'api_key' }],
    [['Provider_Name', 'EncryptedApiKey'], { provider: 'Provider_Name', key: 'EncryptedApiKey' }],
    [['name', 'value'], { provider: 'name', key: 'value' }],
    [['id', 'amount'], { provider: 'id' }],
    [['amount', 'at'], {}],
  ];
  for (const [columns, guess] of guesses) {
    it(`guesses the columns of ${columns.join(', ')}`, () => {
      assert.deepEqual(guessMapping(columns), guess);
    });
  }
});

describe('readJsonTables', () => {
  for (const [what, json, place] of [
    ['rows', [{ id: 1, provider: 'openai', api_key: 'sk-1' }], 'the array, row 1'],
    [
      'rows by the name of their table',
      { version: 1, users: [{ id: 3 }], llm_provider_configs: [{ provider: 'openai', api_key: 'sk-1' }] },
      'llm_provider_configs, row 1',
    ],
    ['a key for each provider', { openai: 'sk-1' }, 'the object, row 1'],
    ['a row for each provider', { openai: { apiKey: 'sk-1', note: 'x' } }, 'the object, row 1'],
  ] as const) {
    it(`reads ${what}`, async () => {
      const tables = readJsonTables(JSON.stringify(json));
      assert.ok(tables.ok);
      assert.deepEqual(await readLikeliest(tables.value), { rows: [[place, 'openai', 'sk-1']], bad: [] });
    });
  }

  it('reads the address of each key', async () => {
    const tables = readJsonTables(
      JSON.stringify({
        openai: { apiKey: 'sk-1', apiBase: 'https://x.example/v1' },
        groq: { apiKey: 'gsk-2', apiBase: null },
      }),
    );
    assert.ok(tables.ok);
    assert.deepEqual((await readLikeliest(tables.value)).rows, [
      ['the object, row 1', 'openai', 'sk-1', 'https://x.example/v1'],
      ['the object, row 2', 'groq', 'gsk-2'],
    ]);
  });

  it('refuses text that is not JSON without quoting it', () => {
    const refusalOf = (text: string) => {
      const tables = readJsonTables(text);
      return tables.ok ? undefined : tables.error(english);
    };
    assert.equal(refusalOf('{"openai": "sk-canary'), 'it is not JSON');
    assert.equal(refusalOf('"sk-canary"'), 'it must be an array of rows or an object');
  });

  it('returns the good rows, and the bad ones with their place', async () => {
    const tables = readJsonTables(
      JSON.stringify([
        { provider: 'openai', key: 'sk-1' },
        { key: 'sk-2' },
        7,
        { provider: 'groq', key: null },
      ]),
    );
    assert.ok(tables.ok);
    assert.deepEqual(await readLikeliest(tables.value), {
      rows: [['the array, row 1', 'openai', 'sk-1']],
      bad: [
        'the array, row 2: it has no provider',
        'the array, row 3: it has no provider',
        'the array, row 4, groq: it has no key',
      ],
    });
  });

  it('refuses a table with too many rows, and a file with too many tables', async () => {
    const row = { provider: 'openai', key: 'sk-1' };
    const long = readJsonTables(JSON.stringify(Array.from({ length: 1_001 }, () => row)));
    assert.ok(long.ok);
    await assert.rejects(readLikeliest(long.value), /the array has more than 1000 rows/);
    const many = readJsonTables(
      JSON.stringify(Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`t${at}`, [row]]))),
    );
    assert.equal(many.ok ? undefined : many.error(english), 'it has more than 500 tables');
  });

  it('leaves out columns with long names, and says that a name or a key is too long', async () => {
    const long = 'x'.repeat(101);
    const rows = [
      { provider: long, key: 'sk-1', [long]: 1 },
      { provider: 'openai', key: 'k'.repeat(16_385) },
    ];
    const tables = readJsonTables(JSON.stringify(rows));
    assert.ok(tables.ok);
    assert.deepEqual(tables.value[0]?.columns, ['provider', 'key']);
    assert.deepEqual((await readLikeliest(tables.value)).bad, [
      "the array, row 1: its provider's name is too long",
      'the array, row 2, openai: it is too long for a key',
    ]);
  });

  it('takes no value from what every object inherits', async () => {
    const tables = readJsonTables('[{"constructor": "a", "api_key": "sk-1"}, {"provider": "b"}]');
    assert.ok(tables.ok);
    const rows = await tables.value[0]?.read(
      { provider: 'provider', key: 'constructor' },
      new AbortController().signal,
    );
    assert.deepEqual(
      rows?.map(({ key }) => key),
      ['a', undefined],
    );
  });
});
