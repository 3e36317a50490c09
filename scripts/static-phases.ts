import process from 'node:process';
import type { TestEvent } from '../test/support/test-events.ts';
import { run } from './run.ts';

const checks = {
  types: ['node_modules/typescript/bin/tsc', '--pretty', 'false'],
  lint: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
} as const;

export type StaticPhase = keyof typeof checks;

/** One check of the code as it is written. It counts as one test. */
export async function runStaticPhase(phase: StaticPhase): Promise<TestEvent> {
  const startMs = performance.now();
  const { code, output } = await run(process.execPath, checks[phase]);
  if (code === 0) return { kind: 'passed', title: phase, ms: performance.now() - startMs };
  return { kind: 'failed', title: phase, details: output.trimEnd() };
}
