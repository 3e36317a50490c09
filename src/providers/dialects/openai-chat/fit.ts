import { Fitting, type Fit } from '../../translation/fitting.ts';
import {
  errorsIntoText,
  filesBehindResults,
  mergeFirstSystem,
  textFilesIntoText,
} from '../../translation/message-forms.ts';
import { effortFor } from '../../translation/thinking.ts';
import { fitOpenaiModel, isOpenai } from '../openai-models.ts';

/** The longest id of a call that OpenAI takes in chat completions. */
const longestId = 40;

/** Makes a prompt fit chat completions: results of tools are text, and only some servers take reasoning back. */
export const fitChat: Fit = (prompt, target) => {
  const fitting = new Fitting(prompt, target);
  fitting.dropForeignReasoning();
  fitting.dropCacheMarks();
  mergeFirstSystem(fitting);
  errorsIntoText(fitting);
  filesBehindResults(fitting);
  textFilesIntoText(fitting);
  fitting.makeIdsSafe(longestId);
  fitting.makeNamesSafe();
  const { thinkingTokens, parallelToolCalls, strictSchema, verbosity } = fitting.controls;
  if (thinkingTokens !== undefined && fitting.options.reasoning === undefined)
    fitting.options = { ...fitting.options, reasoning: effortFor(thinkingTokens) };
  fitEffort(fitting);
  fitOpenaiModel(fitting);
  // The package sends what it does not know under this name as it is.
  fitting.providerOptions('callguard', {
    ...(parallelToolCalls === false && fitting.options.tools !== undefined
      ? { parallel_tool_calls: false }
      : {}),
    ...(verbosity === undefined ? {} : { textVerbosity: verbosity }),
    ...(fitting.options.responseFormat?.type === 'json' ? { strictJsonSchema: strictSchema === true } : {}),
  });
  if (isOpenai(fitting)) dropReasoning(fitting);
  return fitting.result();
};

/** Words that OpenAI added later are not known to every server. */
function fitEffort(fitting: Fitting): void {
  const { reasoning } = fitting.options;
  if (reasoning === 'max') fitting.options = { ...fitting.options, reasoning: 'xhigh' };
  if (isOpenai(fitting)) return;
  if (reasoning === 'max' || reasoning === 'xhigh')
    fitting.options = { ...fitting.options, reasoning: 'high' };
  if (reasoning === 'minimal') fitting.options = { ...fitting.options, reasoning: 'low' };
  if (reasoning === 'none') fitting.loseOption('reasoning');
}

/** OpenAI's own chat completions take no reasoning back. */
function dropReasoning(fitting: Fitting): void {
  fitting.mapParts((part) => {
    if (part.type !== 'reasoning') return part;
    fitting.lose('foreignReasoning');
    return undefined;
  });
}
