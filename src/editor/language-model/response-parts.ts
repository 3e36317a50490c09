import * as vscode from 'vscode';
import type { Part } from '../../guard/call.ts';
import type { Usage } from '../../guard/ledger-port.ts';
import { isObject } from '../../shared/json.ts';

/** A part of an answer as VS Code's; undefined for what it has no part for. */
export function responsePart(part: Part): vscode.LanguageModelResponsePart | undefined {
  if (part.type === 'text-delta') return new vscode.LanguageModelTextPart(part.delta);
  if (part.type === 'tool-call') {
    return new vscode.LanguageModelToolCallPart(
      part.toolCallId,
      part.toolName,
      inputOf(part.input, part.toolName),
    );
  }
  if (part.type === 'file' && part.data.type === 'data') {
    const { data } = part.data;
    return new vscode.LanguageModelDataPart(
      typeof data === 'string' ? Buffer.from(data, 'base64') : data,
      part.mediaType,
    );
  }
  return undefined;
}

/** Models send tool arguments as JSON text; what is not an object cannot be given to a tool. */
function inputOf(input: string, tool: string): object {
  try {
    const parsed: unknown = JSON.parse(input === '' ? '{}' : input);
    if (isObject(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new vscode.LanguageModelError(
    vscode.l10n.t(
      'The model called the tool {0} with arguments that are not a JSON object. Try again.',
      tool,
    ),
  );
}

/**
 * What the built-in chat reads token counts from: a data part with the mime type `usage`, in OpenAI's words. Not in
 * VS Code's typings. Undefined where the figures are a guess, since the part has no word for that.
 */
export function usagePart(usage: Usage): vscode.LanguageModelDataPart | undefined {
  if (usage.estimated) return undefined;
  return vscode.LanguageModelDataPart.json(
    {
      prompt_tokens: usage.inputTokens,
      completion_tokens: usage.outputTokens,
      total_tokens: usage.inputTokens + usage.outputTokens,
      prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    },
    'usage',
  );
}
