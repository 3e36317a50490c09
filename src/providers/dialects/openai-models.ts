import type { Fitting } from '../translation/fitting.ts';

/** OpenAI's models before reasoning, and those with it, which refuse options of sampling. */
const withoutReasoning = /^(?:gpt-3|gpt-4|chatgpt-4)/;
const withReasoning = /^(?:o\d|gpt-[5-9](?!.*chat)|codex)/;

/** Open models and those for chats take options of sampling. */
const samplesWhileReasoning = /gpt-oss|chat/;

const openaiKinds: ReadonlySet<string> = new Set(['openai', 'azure']);

/** Whether the provider refuses what it does not know, as OpenAI does. Others with its protocol ignore it. */
export function isOpenai({ target }: Fitting): boolean {
  return openaiKinds.has(target.kind);
}

/**
 * Leaves out what OpenAI's models refuse. A name of another maker's model, or of a deployment, says nothing, but the
 * user may know.
 */
export function fitOpenaiModel(fitting: Fitting): void {
  if (!isOpenai(fitting)) return;
  const { model } = fitting.target;
  const reasons = fitting.target.reasons === true && !samplesWhileReasoning.test(model);
  if (!reasons && withoutReasoning.test(model)) fitting.loseOption('reasoning');
  if (reasons || withReasoning.test(model))
    fitting.loseOption('temperature', 'topP', 'presencePenalty', 'frequencyPenalty', 'stopSequences');
}
