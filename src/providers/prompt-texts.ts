import type {
  JSONValue,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import { isRaw, type AnyPrompt } from '../guard/call.ts';
import { mapStrings } from './json-members.ts';

/** Gives the text to put in the place of `text`. `where` says for a person where in the prompt it stands. */
export type TextMap = (text: string, where: string) => string;

/** The prompt with every text in it mapped: messages, tool calls, tool results, tools. The original stays as it is. */
export function mapTexts(prompt: AnyPrompt, map: TextMap): AnyPrompt {
  if (isRaw(prompt)) return { ...prompt, body: mapStrings(prompt.body, (text) => map(text, 'the request')) };
  return {
    ...prompt,
    prompt: prompt.prompt.map((message, index) => mapMessage(message, `message ${index + 1}`, map)),
    ...(prompt.tools === undefined
      ? {}
      : { tools: prompt.tools.map((tool) => mapJson(tool, `the tool ${tool.name}`, map)) }),
  };
}

function mapMessage(message: LanguageModelV4Message, place: string, map: TextMap): LanguageModelV4Message {
  switch (message.role) {
    case 'system':
      return { ...message, content: map(message.content, `${place} (system)`) };
    case 'user':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'text' ? { ...part, text: map(part.text, `${place} (user)`) } : part,
        ),
      };
    case 'assistant':
      return { ...message, content: message.content.map((part) => mapAssistantPart(part, place, map)) };
    case 'tool':
      return {
        ...message,
        content: message.content.map((part) =>
          part.type === 'tool-result' ? mapToolResult(part, place, map) : part,
        ),
      };
  }
}

type AssistantPart = (LanguageModelV4Message & { role: 'assistant' })['content'][number];

function mapAssistantPart(part: AssistantPart, place: string, map: TextMap): AssistantPart {
  if (part.type === 'text' || part.type === 'reasoning') {
    return { ...part, text: map(part.text, `${place} (answer)`) };
  }
  if (part.type === 'tool-call') {
    return { ...part, input: mapJson(part.input, `${place} (call of ${part.toolName})`, map) };
  }
  return part.type === 'tool-result' ? mapToolResult(part, place, map) : part;
}

function mapToolResult(
  part: LanguageModelV4ToolResultPart,
  place: string,
  map: TextMap,
): LanguageModelV4ToolResultPart {
  return { ...part, output: mapOutput(part.output, `${place} (result of ${part.toolName})`, map) };
}

function mapOutput(
  output: LanguageModelV4ToolResultOutput,
  where: string,
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

/** Every string of a JSON value; names of properties stay, since they are the tool's own. */
function mapJson<T>(value: T, where: string, map: TextMap): T {
  return mapped(value, where, map) as T;
}

function mapped(value: unknown, where: string, map: TextMap): unknown {
  if (typeof value === 'string') return map(value, where);
  if (Array.isArray(value)) return value.map((item) => mapped(item, where, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapped(item, where, map)]));
}
