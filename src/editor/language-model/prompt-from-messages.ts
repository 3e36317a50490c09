import type { LanguageModelV4FunctionTool, LanguageModelV4Message } from '@ai-sdk/provider';
import * as vscode from 'vscode';
import type { Prompt } from '../../guard/call.ts';
import { attach, carriedBy, type KeptReasoning } from '../../providers/reasoning/kept-reasoning.ts';
import { effortIn } from './thinking-effort.ts';
import { isThinkingPart } from './thinking-part.ts';

type UserContent = (LanguageModelV4Message & { role: 'user' })['content'];
type AssistantContent = (LanguageModelV4Message & { role: 'assistant' })['content'];
type ToolContent = (LanguageModelV4Message & { role: 'tool' })['content'];

/** Turns VS Code's messages, tools and options into a translated prompt. */
export function promptOf(
  messages: readonly vscode.LanguageModelChatRequestMessage[],
  options: Pick<vscode.ProvideLanguageModelChatResponseOptions, 'tools' | 'toolMode' | 'modelOptions'>,
): Prompt {
  const toolNames = new Map<string, string>();
  const tools = options.tools ?? [];
  const reasoning = effortIn(options);
  return {
    prompt: messages.flatMap((message) => convert(message, toolNames)),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(toolOf),
          toolChoice: {
            type: options.toolMode === vscode.LanguageModelChatToolMode.Required ? 'required' : 'auto',
          },
        }),
    ...numberOption(options.modelOptions, 'maxOutputTokens', ['maxOutputTokens', 'max_tokens'], isLimit),
    ...numberOption(options.modelOptions, 'temperature', ['temperature'], Number.isFinite),
    ...numberOption(options.modelOptions, 'topP', ['topP', 'top_p'], Number.isFinite),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

/** Other extensions may pass anything. A value that is not a number of tokens is ignored. */
function isLimit(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function numberOption(
  modelOptions: vscode.ProvideLanguageModelChatResponseOptions['modelOptions'],
  name: 'maxOutputTokens' | 'temperature' | 'topP',
  spellings: readonly string[],
  isMeant: (value: number) => boolean,
): Partial<Prompt> {
  const value: unknown = spellings
    .map((spelling): unknown => modelOptions?.[spelling])
    .find((v) => v !== undefined);
  return typeof value === 'number' && isMeant(value) ? { [name]: value } : {};
}

function toolOf(tool: vscode.LanguageModelChatTool): LanguageModelV4FunctionTool {
  return {
    type: 'function',
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputSchema ?? { type: 'object', properties: {} },
  };
}

/** Other extensions may send system messages: the role exists at run time, but not in the typings. */
const systemRole = 3;

function convert(
  message: vscode.LanguageModelChatRequestMessage,
  toolNames: Map<string, string>,
): LanguageModelV4Message[] {
  const role: number = message.role;
  if (role === systemRole) return [{ role: 'system', content: textOf(message.content) }];
  if (message.role === vscode.LanguageModelChatMessageRole.Assistant) {
    const content = message.content.flatMap((part) => assistantPart(part, toolNames));
    // A turn that was cancelled before its first word is empty, and some providers refuse an empty message.
    if (content.length === 0) return [];
    const reasoning = message.content.map(keptIn).findLast((kept) => kept !== undefined);
    const answer = { role: 'assistant', content } as const;
    return [reasoning === undefined ? answer : attach(answer, reasoning)];
  }
  // VS Code puts tool results into a user message. Every dialect wants them before the user's words, and only some
  // accept images in them, so an image from a tool follows as an image of the user.
  const results: ToolContent = message.content.flatMap((part) => toolResult(part, toolNames));
  const images: UserContent = message.content.flatMap(toolImages);
  const said: UserContent = [...images, ...message.content.flatMap(userPart)];
  return [
    ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : []),
    ...(said.length > 0 ? [{ role: 'user' as const, content: said }] : []),
  ];
}

function userPart(part: unknown): UserContent {
  if (part instanceof vscode.LanguageModelTextPart) return textPart(part.value);
  if (part instanceof vscode.LanguageModelDataPart) return dataPart(part);
  return [];
}

function assistantPart(part: unknown, toolNames: Map<string, string>): AssistantContent {
  if (part instanceof vscode.LanguageModelTextPart) return textPart(part.value);
  if (part instanceof vscode.LanguageModelToolCallPart) {
    toolNames.set(part.callId, part.name);
    return [{ type: 'tool-call', toolCallId: part.callId, toolName: part.name, input: part.input }];
  }
  if (part instanceof vscode.LanguageModelDataPart) return dataPart(part);
  return [];
}

/** The reasoning of the answer, from a consumer that keeps the parts in which it was. */
function keptIn(part: unknown): KeptReasoning | undefined {
  return isThinkingPart(part) ? carriedBy(part.metadata) : undefined;
}

function toolResult(part: unknown, toolNames: Map<string, string>): ToolContent {
  if (!(part instanceof vscode.LanguageModelToolResultPart)) return [];
  const toolName = toolNames.get(part.callId) ?? 'tool';
  return [
    {
      type: 'tool-result',
      toolCallId: part.callId,
      toolName,
      output: { type: 'text', value: textOf(part.content) },
    },
  ];
}

function toolImages(part: unknown): UserContent {
  if (!(part instanceof vscode.LanguageModelToolResultPart)) return [];
  return part.content.flatMap((piece) =>
    piece instanceof vscode.LanguageModelDataPart && piece.mimeType.startsWith('image/')
      ? dataPart(piece)
      : [],
  );
}

function textPart(text: string): { type: 'text'; text: string }[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function dataPart(part: vscode.LanguageModelDataPart): UserContent {
  if (isText(part)) return textPart(new TextDecoder().decode(part.data));
  // The built-in chat keeps notes of its own in its messages (`usage`, `stateful_marker`, `cache_control` …).
  if (!part.mimeType.includes('/')) return [];
  return [{ type: 'file', mediaType: part.mimeType, data: { type: 'data', data: part.data } }];
}

function isText({ mimeType }: vscode.LanguageModelDataPart): boolean {
  return mimeType.startsWith('text/') || (mimeType.includes('/') && mimeType.includes('json'));
}

/** The text of parts. Parts that are neither text nor data become JSON, so that no tool output is lost. */
export function textOf(parts: readonly unknown[]): string {
  return parts
    .map((part) => {
      if (part instanceof vscode.LanguageModelTextPart) return part.value;
      if (part instanceof vscode.LanguageModelDataPart) return textOfData(part);
      if (part instanceof vscode.LanguageModelPromptTsxPart) return JSON.stringify(part.value);
      return typeof part === 'string' ? part : JSON.stringify(part);
    })
    .join('');
}

function textOfData(part: vscode.LanguageModelDataPart): string {
  if (isText(part)) return new TextDecoder().decode(part.data);
  if (!part.mimeType.includes('/')) return '';
  return part.mimeType.startsWith('image/') ? '[the image that follows]' : `[${part.mimeType}]`;
}
