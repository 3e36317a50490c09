import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Target } from '../guard/call.ts';
import { readAnswer } from '../guard/read-answer.ts';
import type { CommandContext } from './command.ts';
import { describeResult } from './words.ts';

/** Small, and yet enough for models that think before they answer. */
const testOutputTokens = 64;

export interface TestResult {
  readonly ok: boolean;
  /** What happened, in one line for a person. */
  readonly text: string;
}

/** One small request through the whole guard; it counts like any other. */
export async function testCall(
  context: Pick<CommandContext, 'guard' | 'clock'>,
  target: Target,
): Promise<TestResult> {
  const run = context.guard.run({
    id: randomUUID(),
    frontDoor: 'test',
    tenant: 'default',
    targets: [target],
    prompt: {
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Reply with the word OK.' }] }],
      maxOutputTokens: testOutputTokens,
    },
    signal: new AbortController().signal,
    idempotent: true,
  });
  const result = await readAnswer(run, () => undefined);
  const problem = describeResult(result, context.clock.nowMs());
  if (problem !== undefined) return { ok: false, text: problem };
  const firstContentMs = result.kind === 'done' ? result.timings.firstContentMs : undefined;
  const after =
    firstContentMs === undefined
      ? ''
      : vscode.l10n.t(', first content after {0} ms', Math.round(firstContentMs));
  return { ok: true, text: vscode.l10n.t('{0} answered{1}.', `${target.provider}/${target.model}`, after) };
}
