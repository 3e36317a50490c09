import * as vscode from 'vscode';

/** What requests and answers are made of. */
const classes = [
  'LanguageModelChatMessage',
  'LanguageModelChatMessageRole',
  'LanguageModelChatToolMode',
  'LanguageModelDataPart',
  'LanguageModelError',
  'LanguageModelPromptTsxPart',
  'LanguageModelTextPart',
  'LanguageModelToolCallPart',
  'LanguageModelToolResultPart',
] as const satisfies readonly (keyof typeof vscode)[];

/** What an attempt on another vendor's model needs besides. */
const toSend = [...classes, 'CancellationTokenSource'] as const;

/**
 * The name of what this editor lacks to use a method of `vscode.lm`; undefined if it has everything. Forks of VS Code may
 * lack all of the language model API, or a part.
 */
export function missingLanguageModelApi(method: keyof typeof vscode.lm): string | undefined {
  const editor: Partial<typeof vscode> = vscode;
  const lm: Partial<typeof vscode.lm> | undefined = editor.lm;
  if (typeof lm?.[method] !== 'function') return `vscode.lm.${method}`;
  const needed = method === 'selectChatModels' ? toSend : classes;
  const missing = needed.find((name) => editor[name] === undefined);
  return missing === undefined ? undefined : `vscode.${missing}`;
}
