import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { readCsvTable } from '../../../../src/providers/import/csv-table.ts';
import { readSourceFile } from '../../../../src/providers/import/read-source.ts';
import { importThread, plainRows, readLikeliest } from '../../../support/import-tables.ts';

describe('readSourceFile', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'callguard-source-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function read(contents: string | Buffer) {
    const file = path.join(folder, 'keys');
    writeFileSync(file, contents);
    const found = await readSourceFile(file, importThread());
    return found.kind === 'rows' ? plainRows(found.rows) : await readLikeliest(found.tables);
  }

  for (const [what, text, place] of [
    ['.env', '# a, b\nOPENAI_API_KEY=sk-1', 'line 2, OPENAI_API_KEY'],
    ['JSON after a byte order mark', '\ufeff{"openai": "sk-1"}', 'the object, row 1'],
    ['CSV', 'id,provider,api_key\r\n1,openai,sk-1\r\n', 'the table, row 1'],
    ['CSV after a byte order mark', '\ufeffprovider;key\nopenai;sk-1', 'the table, row 1'],
    ['CSV with tabs', 'Vendor\tToken\nopenai\tsk-1\n\n', 'the table, row 1'],
    ['quoted CSV', '"provider","note","key"\n"openai","a ""b"",\nc","sk-1"', 'the table, row 1'],
  ] as const) {
    it(`knows ${what} by its contents`, async () => {
      assert.deepEqual(await read(text), { rows: [[place, 'openai', 'sk-1']], bad: [] });
    });
  }

  it('refuses a text that is larger than the limit, in few words', async () => {
    await assert.rejects(read(`[${' '.repeat(1024 ** 2)}]`), /^SourceError: it is larger than 512 KiB$/);
    await assert.rejects(read('A=1\n'.repeat(1024 ** 2)), /larger than 512 KiB/);
  });

  it('refuses JSON that is too deep', async () => {
    await assert.rejects(read('['.repeat(500_000)), /it is not JSON/);
    await assert.rejects(read(`${'[['.repeat(300)}1${']]'.repeat(300)}`), /it is not JSON/);
  });

  it('refuses a CSV table with too many rows', async () => {
    await assert.rejects(read(`provider,key\n${'openai,sk-1\n'.repeat(1_001)}`), /more than 1000 rows/);
  });

  it('refuses a folder, and a pipe that never ends', async function () {
    await assert.rejects(readSourceFile(folder, importThread()), /it is not a file/);
    if (process.platform === 'win32') return;
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(readSourceFile(pipe, importThread()), /it is not a file/);
  });

  for (const [what, text] of [
    ['quotes', `provider,key\n${'"'.repeat(500_000)}`],
    ['delimiters', `provider,key\n${','.repeat(500_000)}`],
    ['columns', `provider,key${',a'.repeat(250_000)}`],
    ['lines', `provider,key${'\n'.repeat(500_000)}`],
    ['objects', `[${'{},'.repeat(170_000)}{}]`],
    ['members', `{${Array.from({ length: 30_000 }, (_, at) => `"key${at}":[1]`).join()}}`],
    ['letters', 'a'.repeat(500_000)],
  ] as const) {
    // Quadratic work would take longer than a test may.
    it(`comes to an end for half a megabyte of ${what}`, async () => {
      const result: unknown = await read(text).catch((error: unknown) => error);
      assert.ok(typeof result === 'object');
    });
  }
});

describe('readCsvTable', () => {
  it('never throws, and gives back each field that was written', async () => {
    const field = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        field,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        async (key, by, end) => {
          const text = [`provider${by}key`, `"openai"${by}"${key.replaceAll('"', '""')}"`].join(end);
          const table = readCsvTable(text);
          const rows = await table?.read({ provider: 'provider', key: 'key' }, new AbortController().signal);
          assert.deepEqual(
            rows?.map((row) => [row.provider, row.key]),
            [['openai', key]],
          );
          readCsvTable(key);
        },
      ),
    );
  });
});
