import type { Part, Prompt, Target } from '../../guard/call.ts';
import type { Outcome } from '../../guard/outcome.ts';
import type { Attempt, AttemptReport, SentPart } from '../../guard/sender-port.ts';
import { reasoningLimits } from '../../shared/limits.ts';
import type { ReasoningHabit } from '../dialects/dialect.ts';
import type { ProviderTarget } from '../rules/resolver.ts';
import { carrying, makerOf, withOwnReasoning } from './kept-reasoning.ts';
import { mapParts } from './map-parts.ts';
import { ReasoningCollector } from './reasoning-collector.ts';

type TranslatedAttempt = Attempt<ProviderTarget> & { readonly prompt: Prompt };
type Send = (
  attempt: TranslatedAttempt,
  habit: ReasoningHabit,
) => AsyncGenerator<SentPart, AttemptReport, void>;

/**
 * Sends translated prompts with the reasoning that their target made before, and puts what it thinks now into the last
 * part of the answer.
 */
export class ReasoningSender {
  readonly #send: Send;
  readonly #onForeign: (target: Target) => void;
  /** By provider settings and model. */
  readonly #habits = new Map<string, ReasoningHabit>();
  /** Prompts of which was reported that they had reasoning of another target. */
  readonly #reported = new WeakSet<Prompt['prompt']>();

  constructor(send: Send, onForeign: (target: Target) => void) {
    this.#send = send;
    this.#onForeign = onForeign;
  }

  async *send(attempt: TranslatedAttempt): AsyncGenerator<SentPart, AttemptReport, void> {
    const { resolved, prompt } = attempt;
    const madeBy = makerOf(resolved);
    const own = withOwnReasoning(prompt, madeBy, () => {
      if (!this.#reported.has(prompt.prompt)) this.#onForeign(resolved.target);
      this.#reported.add(prompt.prompt);
    });
    const key = JSON.stringify([resolved.configFingerprint, resolved.wireModel]);
    const habit = this.#habits.get(key);
    const report = yield* collected(this.#send({ ...attempt, prompt: own }, habit), madeBy);
    const wanted = own.prompt.some(({ role }) => role === 'assistant')
      ? habitAfter(report.outcome)
      : undefined;
    if (wanted === undefined || habit !== undefined || report.outcome.kind !== 'http') return report;
    if (this.#habits.size >= reasoningLimits.habits) this.#habits.clear();
    this.#habits.set(key, wanted);
    // The fields of earlier answers are Callguard's own, so the guard may try again.
    return { ...report, outcome: { ...report.outcome, refusedOwnField: true } };
  }
}

/** The parts, with what the model thought in the last one. */
function collected(
  parts: AsyncGenerator<SentPart, AttemptReport, void>,
  madeBy: string,
): AsyncGenerator<SentPart, AttemptReport, void> {
  const collector = new ReasoningCollector();
  return mapParts(parts, (sent) => {
    collector.add(sent.part);
    return sent.part.type === 'finish'
      ? { ...sent, part: withReasoning(sent.part, collector, madeBy) }
      : sent;
  });
}

function withReasoning(part: Part & { type: 'finish' }, collector: ReasoningCollector, madeBy: string): Part {
  const kept = collector.reasoning(madeBy);
  if (kept === undefined) return part;
  return { ...part, providerMetadata: { ...part.providerMetadata, ...carrying(kept) } };
}

const reasoningField = /\breasoning(?:_content|_details)?\b/;
const isMissing = /passed back|missing|required?|must (?:be|have|contain|include)|expected/i;

/**
 * DeepSeek: 'The `reasoning_content` in the thinking mode must be passed back to the API'. Moonshot: 'thinking is enabled
 * but reasoning_content is missing in assistant tool call message at index 2'. Others do not know the field.
 */
function habitAfter(
  outcome: AttemptReport['outcome'] & { readonly kind: Outcome['kind'] | 'origin' },
): ReasoningHabit {
  if (outcome.kind !== 'http' || (outcome.status !== 400 && outcome.status !== 422)) return undefined;
  if (!reasoningField.test(outcome.message)) return undefined;
  return isMissing.test(outcome.message) ? 'fill' : 'omit';
}
