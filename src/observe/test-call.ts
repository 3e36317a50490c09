import { randomUUID } from 'node:crypto';
import type { Call, Prompt, Target } from '../guard/call.ts';
import type { CallResult } from '../guard/call-state.ts';
import { describeResult, describeShown } from '../guard/describe-result.ts';
import type { Guard } from '../guard/guard.ts';
import { readAnswer } from '../guard/read-answer.ts';
import { nameOf } from '../providers/config/target-name.ts';
import type { Clock } from '../shared/clock.ts';
import type { Wording } from '../shared/l10n.ts';

/** Small, but enough for models that think before they answer. */
const testOutputTokens = 64;

export interface TestPorts {
  readonly guard: Pick<Guard, 'run'>;
  readonly settings: { readonly current: { readonly tenant: string } };
  readonly clock: Clock;
}

export interface TestResult {
  readonly ok: boolean;
  /** What happened, in one line. */
  readonly text: Wording;
  readonly result: CallResult;
}

export interface TestOptions {
  readonly signal?: AbortSignal;
  /** Whose call it is, if not this window's. */
  readonly of?: Pick<Call, 'tenant' | 'source'>;
}

/** Sends one small request through the whole guard. It counts like any other call. */
export async function testCall(
  { guard, settings, clock }: TestPorts,
  target: Target,
  {
    signal = new AbortController().signal,
    of = { tenant: settings.current.tenant, source: 'editor' },
  }: TestOptions = {},
): Promise<TestResult> {
  const prompt: Prompt = {
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Reply with the word OK.' }] }],
    maxOutputTokens: testOutputTokens,
  };
  const run = guard.run({
    id: randomUUID(),
    frontDoor: 'test',
    ...of,
    targets: [target],
    prompt,
    signal,
    idempotent: true,
  });
  const result = await readAnswer(run, () => undefined);
  const problem = describeResult(result, clock.nowMs());
  if (problem !== undefined) return { ok: false, text: problem, result };
  if (result.kind !== 'done') return { ok: false, text: (l10n) => l10n.t('The test was cancelled.'), result };
  const { firstContentMs } = result.timings;
  const text: Wording = (l10n) => {
    const after =
      firstContentMs === undefined ? '' : l10n.t(', first content after {0} ms', Math.round(firstContentMs));
    const shown = describeShown(result)?.(l10n) ?? '';
    return `${l10n.t('{0} answered{1}.', nameOf(target), after)} ${shown}`.trim();
  };
  return { ok: true, text, result };
}

/** For a provider without a model. */
export function nothingToTest(provider: string): Wording {
  return (l10n) => l10n.t("There is no provider '{0}' with a model.", provider);
}
