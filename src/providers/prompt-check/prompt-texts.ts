import type {
  JSONValue,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import { isPassThrough, type AnyPrompt } from '../../guard/call.ts';
import type { Wording } from '../../shared/l10n.ts';
import { mapStrings } from '../passthrough/json-members.ts';

/** Returns the replacement of `text`. `where` names its place in the prompt. */
export type TextMap = (text: string, where: Wording) => string;

const theRequest: Wording = (l10n) => l10n.t('the request');

/** A copy of the prompt with every text mapped: messages, tool calls, tool results, tools. */
export function mapTexts(prompt: AnyPrompt, map: TextMap): AnyPrompt {
  if (isPassThrough(prompt))
    return { ...prompt, body: mapStrings(prompt.body, (text) => map(text, theRequest)) };
  return {
    ...prompt,
    prompt: prompt.prompt.map((message, index) => mapMessage(message, index + 1, map)),
    ...(prompt.tools === undefined
      ? {}
      : {
          tools: prompt.tools.map((tool) => mapJson(tool, (l10n) => l10n.t('the tool {0}', tool.name), map)),
        }),
  };
}

/** `at`: the number of the message, from 1. */
function mapMessage(message: LanguageModelV4Message, at: number, map: TextMap): LanguageModelV4Message {
  switch (message.role) {
    case 'system':
      return { ...message, content: map(message.content, (l10n) => l10n.t('message {0} (system)', at)) };
    case 'user':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'text'
            ? { ...part, text: map(part.text, (l10n) => l10n.t('message {0} (user)', at)) }
            : part,
        ),
      };
    case 'assistant':
      return { ...message, content: message.content.map((part) => mapAssistantPart(part, at, map)) };
    case 'tool':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'tool-result' ? mapToolResult(part, at, map) : part,
        ),
      };
  }
}

type AssistantPart = (LanguageModelV4Message & { role: 'assistant' })['content'][number];

function mapAssistantPart(part: AssistantPart, at: number, map: TextMap): AssistantPart {
  if (part.type === 'text' || part.type === 'reasoning') {
    return { ...part, text: map(part.text, (l10n) => l10n.t('message {0} (assistant)', at)) };
  }
  if (part.type === 'tool-call') {
    const where: Wording = (l10n) => l10n.t('message {0} (call to {1})', at, part.toolName);
    return { ...part, input: mapJson(part.input, where, map) };
  }
  return part.type === 'tool-result' ? mapToolResult(part, at, map) : part;
}

function mapToolResult(
  part: LanguageModelV4ToolResultPart,
  at: number,
  map: TextMap,
): LanguageModelV4ToolResultPart {
  const where: Wording = (l10n) => l10n.t('message {0} (result of {1})', at, part.toolName);
  return { ...part, output: mapOutput(part.output, where, map) };
}

function mapOutput(
  output: LanguageModelV4ToolResultOutput,
  where: Wording,
  map: TextMap,
): LanguageModelV4ToolResultOutput {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return { ...output, value: map(output.value, where) };
    case 'json':
    case 'error-json':
      return { ...output, value: mapJson<JSONValue>(output.value, where, map) };
    case 'content':
      return {
        ...output,
        value: output.value.map((piece) =>
          piece.type === 'text' ? { ...piece, text: map(piece.text, where) } : piece,
        ),
      };
    case 'execution-denied':
      return output;
  }
}

/** Maps every string of a JSON value, except the names of properties, which the tool defines. */
function mapJson<T>(value: T, where: Wording, map: TextMap): T {
  return mapped(value, where, map) as T;
}

function mapped(value: unknown, where: Wording, map: TextMap): unknown {
  if (typeof value === 'string') return map(value, where);
  if (Array.isArray(value)) return value.map((item) => mapped(item, where, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapped(item, where, map)]));
}
