import process from 'node:process';
import type { TestEvent } from '../test/support/test-events.ts';
import { run } from './run.ts';

const tsc = ['node_modules/typescript/bin/tsc', '--pretty', 'false', '--project'];

/** What is run for each, one after the other. The usage panel's page has a project of its own: it lives in a browser. */
const checks = {
  types: [
    [...tsc, '.'],
    [...tsc, 'src/panel/page'],
  ],
  lint: [['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.']],
  format: [['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
} as const;

export type StaticPhase = keyof typeof checks;

/** One check of the code as it is written. It counts as one test. */
export async function runStaticPhase(phase: StaticPhase): Promise<TestEvent> {
  const startMs = performance.now();
  for (const command of checks[phase]) {
    const { code, output } = await run(process.execPath, command);
    if (code !== 0) return { kind: 'failed', title: phase, details: output.trimEnd() };
  }
  return { kind: 'passed', title: phase, ms: performance.now() - startMs };
}
