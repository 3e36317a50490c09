import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { ensureNode } from '../../scripts/node-binary.ts';
import { run } from '../../scripts/run.ts';

/** What mocha's JSON reporter writes. */
interface Report {
  readonly stats: { readonly tests: number; readonly passes: number; readonly failures: number };
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const minutesEach = 30;

async function runOn(node: string, files: readonly string[]): Promise<Report> {
  const folder = await mkdtemp(path.join(tmpdir(), 'callguard-node22-'));
  const output = path.join(folder, 'report.json');
  try {
    const args = [mocha, '--reporter', 'json', '--reporter-option', `output=${output}`, ...files];
    const ended = await run(node, args, {
      env: {
        // Without the flag, only 22.18 and later run TypeScript. Child processes of the tests need it as well.
        NODE_OPTIONS: '--experimental-strip-types --no-warnings',
        PATH: [path.dirname(node), process.env['PATH']].join(path.delimiter),
      },
    });
    const text = await readFile(output, 'utf8').catch(() => {
      throw new Error(`mocha wrote no report:\n${ended.output}`);
    });
    return JSON.parse(text) as Report;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the tests on Node.js 22, as the extension hosts of older editors run it', function () {
  this.timeout(minutesEach * 60_000);

  for (const [version, what, files] of [
    [
      '22.17.0',
      "the ledger's tests",
      ['test/unit/ledger/**/*.test.ts', 'test/integration/ledger/**/*.test.ts'],
    ],
    ['22.20.0', 'all unit tests', ['test/unit/**/*.test.ts']],
    ['22.20.0', 'all integration tests', ['test/integration/**/*.test.ts']],
  ] as const) {
    it(`${what} pass on ${version}`, async () => {
      const { stats, failures } = await runOn(await ensureNode(version), files);
      console.log(
        `    Node.js ${version}: ${stats.passes} of ${stats.tests} tests pass, ${stats.failures} fail`,
      );
      assert.deepEqual(
        failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message ?? ''}`),
        [],
      );
      assert.ok(stats.passes > 200, `only ${stats.passes} tests ran`);
    });
  }
});
