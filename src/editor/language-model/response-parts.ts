import * as vscode from 'vscode';
import type { Part } from '../../guard/call.ts';
import type { Usage } from '../../guard/ledger-port.ts';
import { carriedBy, carrying } from '../../providers/reasoning/kept-reasoning.ts';
import { isObject } from '../../shared/json.ts';
import { thinkingPart } from './thinking-part.ts';

/** Turns a part of an answer into VS Code's; undefined if VS Code has no such part. */
export function responsePart(part: Part): vscode.LanguageModelResponsePart | undefined {
  if (part.type === 'text-delta') return new vscode.LanguageModelTextPart(part.delta);
  if (part.type === 'reasoning-delta') {
    return part.delta === '' ? undefined : thinkingPart(part.delta, part.id);
  }
  if (part.type === 'finish') {
    const kept = carriedBy(part.providerMetadata);
    // A consumer that returns it with its next request needs no store, and works after a reload, too.
    return kept === undefined ? undefined : thinkingPart('', undefined, carrying(kept));
  }
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

/** Models send tool arguments as JSON text. A tool can only take an object. */
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
 * The data part from which the built-in chat reads token counts: mime type `usage`, in OpenAI's format, not in the
 * typings. Undefined for estimates, because the part cannot mark them as such.
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
