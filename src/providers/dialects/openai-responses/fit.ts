import { Fitting, type Fit } from '../../translation/fitting.ts';
import { errorsIntoText, textFilesIntoText } from '../../translation/message-forms.ts';
import { effortFor } from '../../translation/thinking.ts';
import { fitOpenaiModel } from '../openai-models.ts';

/** Makes a prompt fit OpenAI's Responses API, which has a place for almost everything. */
export const fitResponses: Fit = (prompt, target) => {
  const fitting = new Fitting(prompt, target);
  fitting.dropForeignReasoning();
  fitting.dropCacheMarks();
  errorsIntoText(fitting);
  textFilesIntoText(fitting);
  fitting.makeIdsSafe();
  fitting.makeNamesSafe();
  const { thinkingTokens, parallelToolCalls, strictSchema, verbosity } = fitting.controls;
  if (thinkingTokens !== undefined && fitting.options.reasoning === undefined)
    fitting.options = { ...fitting.options, reasoning: effortFor(thinkingTokens) };
  fitOpenaiModel(fitting);
  fitting.providerOptions('openai', {
    ...(parallelToolCalls === false ? { parallelToolCalls } : {}),
    ...(verbosity === undefined ? {} : { textVerbosity: verbosity }),
    ...(fitting.options.responseFormat?.type === 'json' ? { strictJsonSchema: strictSchema === true } : {}),
  });
  return fitting.result();
};
