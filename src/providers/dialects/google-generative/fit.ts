import { Fitting, type Fit } from '../../translation/fitting.ts';
import { systemIntoUser, textFilesIntoText } from '../../translation/message-forms.ts';

/** What Google takes as the name of a function (its API reference, 'FunctionDeclaration'). */
const functionName = /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/;

/** Makes a prompt fit Google's API: a system message stands at the beginning, and a signature on its call. */
export const fitGoogle: Fit = (prompt, target) => {
  const fitting = new Fitting(prompt, target);
  fitting.dropForeignReasoning();
  fitting.dropCacheMarks();
  systemIntoUser(fitting);
  textFilesIntoText(fitting);
  fitting.makeNamesSafe(functionName);
  signCalls(fitting);
  nameMediaTypes(fitting);
  const { thinkingTokens, parallelToolCalls, verbosity } = fitting.controls;
  if (thinkingTokens !== undefined)
    fitting.providerOptions('google', {
      thinkingConfig: { thinkingBudget: thinkingTokens, includeThoughts: true },
    });
  else if (fitting.options.reasoning !== undefined && fitting.options.reasoning !== 'none')
    fitting.providerOptions('google', { thinkingConfig: { includeThoughts: true } });
  if (parallelToolCalls === false) fitting.lose('modelOption', 'parallel tool calls');
  if (verbosity !== undefined) fitting.lose('modelOption', 'verbosity');
  return fitting.result();
};

/**
 * A client whose protocol has no signature on a call sends it as reasoning without a text before the call. Google wants
 * it on the call.
 */
function signCalls(fitting: Fitting): void {
  fitting.messages = fitting.messages.map((message) => {
    if (message.role !== 'assistant') return message;
    const content: typeof message.content = [];
    for (const part of message.content) {
      const before = content.at(-1);
      const signature = before?.providerOptions?.['google']?.['thoughtSignature'];
      const isCall = part.type === 'tool-call' && part.providerOptions?.['google'] === undefined;
      if (isCall && before?.type === 'reasoning' && before.text === '' && typeof signature === 'string') {
        content.splice(-1, 1, { ...part, providerOptions: { google: { thoughtSignature: signature } } });
      } else content.push(part);
    }
    return { ...message, content };
  });
}

/** The API wants the exact type of a file behind a URL, which a client may not know. */
function nameMediaTypes(fitting: Fitting): void {
  fitting.mapParts((part) =>
    part.type === 'file' && part.data.type === 'url' && part.mediaType === 'image/*'
      ? { ...part, mediaType: 'image/jpeg' }
      : part,
  );
}
