import type { Fitting } from '../translation/fitting.ts';

/** OpenAI's models before reasoning, and those with it, which refuse options of sampling. */
const withoutReasoning = /^(?:gpt-3|gpt-4|chatgpt-4)/;
const withReasoning = /^(?:o\d|gpt-[5-9](?!.*chat)|codex)/;

const openaiKinds: ReadonlySet<string> = new Set(['openai', 'azure']);

/** Whether the provider refuses what it does not know, as OpenAI does. Others with its protocol ignore it. */
export function isOpenai({ target }: Fitting): boolean {
  return openaiKinds.has(target.kind);
}

/** Leaves out what OpenAI's models refuse. A name of another maker's model says nothing. */
export function fitOpenaiModel(fitting: Fitting): void {
  if (!isOpenai(fitting)) return;
  const { model } = fitting.target;
  if (withoutReasoning.test(model)) fitting.loseOption('reasoning');
  if (withReasoning.test(model))
    fitting.loseOption('temperature', 'topP', 'presencePenalty', 'frequencyPenalty', 'stopSequences');
}
