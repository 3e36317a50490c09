import { Fitting, type Fit } from '../../translation/fitting.ts';
import { systemIntoUser, textFilesIntoText } from '../../translation/message-forms.ts';
import { budgetWithin } from '../../translation/thinking.ts';

/** Models that decide by themselves how much to think. A turn without thinking does not make them refuse. */
const adaptive = /claude-(?:fable|mythos|(?:opus|sonnet|haiku)-(?:4-[6-9]|[5-9]))/;

/**
 * Makes a prompt fit Anthropic's API. Only its own servers are known to take a system message in the middle. Without one
 * at the beginning, the package would move it there.
 */
export const fitAnthropic: Fit = (prompt, target) => {
  const fitting = new Fitting(prompt, target);
  fitting.dropForeignReasoning();
  if (target.kind !== 'anthropic' || fitting.messages[0]?.role !== 'system') systemIntoUser(fitting);
  textFilesIntoText(fitting);
  dropBlanks(fitting);
  fitting.makeIdsSafe();
  fitting.makeNamesSafe();
  const { parallelToolCalls, verbosity } = fitting.controls;
  if (parallelToolCalls === false) fitting.providerOptions('anthropic', { disableParallelToolUse: true });
  if (verbosity !== undefined) fitting.lose('modelOption', 'verbosity');
  if (!adaptive.test(target.model)) fitThinking(fitting);
  else if (fitting.controls.thinkingTokens !== undefined && fitting.options.reasoning === undefined)
    fitting.options = { ...fitting.options, reasoning: 'high' };
  return fitting.result();
};

/** The API refuses texts and stop sequences of blanks alone. */
function dropBlanks(fitting: Fitting): void {
  const isBlank = (part: { readonly type: string; readonly text?: string }) =>
    part.type === 'text' && part.text?.trim() === '';
  fitting.mapParts((part) => {
    if (isBlank(part)) return undefined;
    if (part.type !== 'tool-result' || part.output.type !== 'content') return part;
    const value = part.output.value.filter((each) => !isBlank(each));
    return { ...part, output: { ...part.output, value } };
  });
  const { stopSequences = [], ...others } = fitting.options;
  const kept = stopSequences.filter((each) => each.trim() !== '');
  if (kept.length === stopSequences.length) return;
  fitting.options = kept.length === 0 ? others : { ...others, stopSequences: kept };
  fitting.lose('modelOption', 'stopSequences');
}

/**
 * Thinking with a budget is part of the answer's limit, while the AI SDK adds it to the limit. It is left out where the
 * API refuses it: beside a forced tool, and in a loop of tools whose thinking has lost its signature.
 */
function fitThinking(fitting: Fitting): void {
  const { reasoning, maxOutputTokens: limit, toolChoice } = fitting.options;
  const wish = fitting.controls.thinkingTokens ?? reasoning;
  if (wish === undefined || wish === 'none' || wish === 'provider-default') return;
  const { reasoning: _wish, ...others } = fitting.options;
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'tool';
  // Without a limit of the request's own the SDK knows the model's.
  const budget = limit === undefined ? undefined : budgetWithin(limit, wish);
  const fits = limit === undefined || budget !== undefined;
  if (isForced || !fits || hasUnsignedCalls(fitting)) {
    fitting.options = others;
    fitting.lose('modelOption', 'reasoning');
  } else if (budget !== undefined) {
    fitting.options = { ...others, maxOutputTokens: budget.rest };
    fitting.providerOptions('anthropic', { thinking: { type: 'enabled', budgetTokens: budget.thinking } });
  } else if (typeof wish === 'number') {
    fitting.options = others;
    fitting.providerOptions('anthropic', {
      thinking: { type: 'enabled', budgetTokens: Math.max(1_024, wish) },
    });
  }
}

/** Whether the conversation is in the middle of a loop of tools that began without signed thinking. */
function hasUnsignedCalls({ messages }: Fitting): boolean {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  const message = messages[last];
  if (message?.role !== 'assistant' || messages.slice(last + 1).every(({ role }) => role !== 'tool'))
    return false;
  const isSigned = message.content.some(
    ({ type, providerOptions }) => type === 'reasoning' && providerOptions?.['anthropic'] !== undefined,
  );
  return message.content.some(({ type }) => type === 'tool-call') && !isSigned;
}
