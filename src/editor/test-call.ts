import * as vscode from 'vscode';
import type { Prompt, Target } from '../guard/call.ts';
import { readAnswer } from '../guard/read-answer.ts';
import type { CommandContext } from './command.ts';
import { callFor } from './front-door.ts';
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
  context: Pick<CommandContext, 'guard' | 'settings' | 'clock'>,
  target: Target,
): Promise<TestResult> {
  const prompt: Prompt = {
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Reply with the word OK.' }] }],
    maxOutputTokens: testOutputTokens,
  };
  const { signal } = new AbortController();
  const run = context.guard.run(callFor(context.settings, 'test', { targets: [target] }, prompt, signal));
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
