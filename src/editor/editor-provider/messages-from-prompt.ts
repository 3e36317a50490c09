import type { LanguageModelV4FilePart, LanguageModelV4Message } from '@ai-sdk/provider';
import * as vscode from 'vscode';
import type { Prompt } from '../../guard/call.ts';
import { isObject } from '../../shared/json.ts';
import { thinkingPart } from '../language-model/thinking-part.ts';
import { thinkingOptions } from './thought-blocks.ts';

type AssistantPart = (LanguageModelV4Message & { role: 'assistant' })['content'][number];
type ToolPart = (LanguageModelV4Message & { role: 'tool' })['content'][number];

/** A part of a prompt that VS Code's requests cannot carry. */
export class UnsupportedPartError extends Error {
  override readonly name = 'UnsupportedPartError';
}

/**
 * Turns a translated prompt into VS Code's messages. Throws `UnsupportedPartError` for parts that they cannot carry.
 */
export function editorMessages(prompt: Prompt['prompt']): vscode.LanguageModelChatMessage[] {
  return prompt.map((message) => {
    switch (message.role) {
      case 'system':
        // VS Code's API has no system role, so the instruction becomes the first user message.
        return vscode.LanguageModelChatMessage.User(message.content);
      case 'user':
        return vscode.LanguageModelChatMessage.User(
          message.content.map((part) =>
            part.type === 'text' ? new vscode.LanguageModelTextPart(part.text) : filePart(part),
          ),
        );
      case 'assistant':
        return vscode.LanguageModelChatMessage.Assistant(message.content.flatMap(assistantPart));
      case 'tool':
        return vscode.LanguageModelChatMessage.User(message.content.flatMap(toolPart));
    }
  });
}

function filePart(part: LanguageModelV4FilePart): vscode.LanguageModelDataPart {
  if (part.data.type !== 'data') throw new UnsupportedPartError(`files given as '${part.data.type}'`);
  const { data } = part.data;
  return new vscode.LanguageModelDataPart(
    typeof data === 'string' ? Buffer.from(data, 'base64') : data,
    part.mediaType,
  );
}

function assistantPart(
  part: AssistantPart,
): (vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart)[] {
  if (part.type === 'text') return [new vscode.LanguageModelTextPart(part.text)];
  if (part.type === 'tool-call') {
    const input: unknown = part.input;
    return [
      new vscode.LanguageModelToolCallPart(
        part.toolCallId,
        part.toolName,
        typeof input === 'object' && input !== null ? input : {},
      ),
    ];
  }
  // Reasoning is useful only to the model that produced it. The sender has taken out that of others.
  if (part.type === 'reasoning') return reasoningPart(part);
  throw new UnsupportedPartError(`parts of type '${part.type}' in an answer`);
}

function reasoningPart(part: AssistantPart & { type: 'reasoning' }): vscode.LanguageModelTextPart[] {
  const { id, metadata } = part.providerOptions?.[thinkingOptions] ?? {};
  const thinking = thinkingPart(
    part.text,
    typeof id === 'string' ? id : undefined,
    isObject(metadata) ? metadata : undefined,
  );
  return thinking === undefined ? [] : [thinking as vscode.LanguageModelTextPart];
}

function toolPart(part: ToolPart): vscode.LanguageModelToolResultPart[] {
  if (part.type !== 'tool-result') return [];
  const { output } = part;
  const text = output.type === 'text' || output.type === 'error-text' ? output.value : JSON.stringify(output);
  return [new vscode.LanguageModelToolResultPart(part.toolCallId, [new vscode.LanguageModelTextPart(text)])];
}

/** The prompt's tools and tool choice as VS Code's options. */
export function editorTools(
  prompt: Prompt,
): Pick<vscode.LanguageModelChatRequestOptions, 'tools' | 'toolMode'> {
  const tools = (prompt.tools ?? []).flatMap((tool) => (tool.type === 'function' ? [tool] : []));
  if (tools.length === 0 || prompt.toolChoice?.type === 'none') return {};
  const required = prompt.toolChoice?.type === 'required' || prompt.toolChoice?.type === 'tool';
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description: description ?? '',
      inputSchema,
    })),
    toolMode: required ? vscode.LanguageModelChatToolMode.Required : vscode.LanguageModelChatToolMode.Auto,
  };
}
