import type {
  JSONValue,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import { isPassThrough, type AnyPrompt, type PassThroughPrompt } from '../../guard/call.ts';
import { shortestValue } from '../../redaction/known-secrets.ts';
import { mapStrings } from '../../shared/json-strings.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { Work } from '../../shared/slices.ts';
import { scanRequest } from '../passthrough/scan-request.ts';

/** Returns the replacement of `text`. `where` names its place in the prompt. */
export type TextMap = (text: string, where: Wording) => Work<string>;

const theRequest: Wording = (l10n) => l10n.t('the request');

/** A copy of the prompt with every text mapped: messages, tool calls, tool results, tools. */
export function* mapTexts(prompt: AnyPrompt, map: TextMap): Work<AnyPrompt> {
  if (isPassThrough(prompt)) return yield* mapRequest(prompt, map);
  const messages = yield* mapEach(prompt.prompt, (message, index) => mapMessage(message, index + 1, map));
  if (prompt.tools === undefined) return { ...prompt, prompt: messages };
  const tools = yield* mapEach(prompt.tools, (tool) =>
    mapJson(tool, (l10n) => l10n.t('the tool {0}', tool.name), map),
  );
  return { ...prompt, prompt: messages, tools };
}

function* mapRequest(prompt: PassThroughPrompt, map: TextMap): Work<PassThroughPrompt> {
  const bytes = yield* mapStrings(prompt.body.bytes, shortestValue, (text) => map(text, theRequest));
  if (bytes === prompt.body.bytes) return prompt;
  const scanned = yield* scanRequest(bytes);
  if (!scanned.ok) throw new TypeError(`a mapped request is ${scanned.error}`);
  return { ...prompt, body: scanned.value };
}

/** `at`: the number of the message, from 1. */
function* mapMessage(
  message: LanguageModelV4Message,
  at: number,
  map: TextMap,
): Work<LanguageModelV4Message> {
  switch (message.role) {
    case 'system':
      return {
        ...message,
        content: yield* map(message.content, (l10n) => l10n.t('message {0} (system)', at)),
      };
    case 'user':
      return {
        ...message,
        content: yield* mapEach(message.content, function* (part) {
          if (part.type !== 'text') return part;
          return { ...part, text: yield* map(part.text, (l10n) => l10n.t('message {0} (user)', at)) };
        }),
      };
    case 'assistant':
      return {
        ...message,
        content: yield* mapEach(message.content, (part) => mapAssistantPart(part, at, map)),
      };
    case 'tool':
      return {
        ...message,
        content: yield* mapEach(message.content, function* (part) {
          return part.type === 'tool-result' ? yield* mapToolResult(part, at, map) : part;
        }),
      };
  }
}

type AssistantPart = (LanguageModelV4Message & { role: 'assistant' })['content'][number];

function* mapAssistantPart(part: AssistantPart, at: number, map: TextMap): Work<AssistantPart> {
  if (part.type === 'text' || part.type === 'reasoning') {
    return { ...part, text: yield* map(part.text, (l10n) => l10n.t('message {0} (assistant)', at)) };
  }
  if (part.type === 'tool-call') {
    const where: Wording = (l10n) => l10n.t('message {0} (call to {1})', at, part.toolName);
    return { ...part, input: yield* mapJson(part.input, where, map) };
  }
  return part.type === 'tool-result' ? yield* mapToolResult(part, at, map) : part;
}

function* mapToolResult(
  part: LanguageModelV4ToolResultPart,
  at: number,
  map: TextMap,
): Work<LanguageModelV4ToolResultPart> {
  const where: Wording = (l10n) => l10n.t('message {0} (result of {1})', at, part.toolName);
  return { ...part, output: yield* mapOutput(part.output, where, map) };
}

function* mapOutput(
  output: LanguageModelV4ToolResultOutput,
  where: Wording,
  map: TextMap,
): Work<LanguageModelV4ToolResultOutput> {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return { ...output, value: yield* map(output.value, where) };
    case 'json':
    case 'error-json':
      return { ...output, value: yield* mapJson<JSONValue>(output.value, where, map) };
    case 'content':
      return {
        ...output,
        value: yield* mapEach(output.value, function* (piece) {
          return piece.type === 'text' ? { ...piece, text: yield* map(piece.text, where) } : piece;
        }),
      };
    case 'execution-denied':
      return output;
  }
}

/** Maps every string of a JSON value, except the names of properties, which the tool defines. */
function* mapJson<T>(value: T, where: Wording, map: TextMap): Work<T> {
  return (yield* mapped(value, where, map)) as T;
}

function* mapped(value: unknown, where: Wording, map: TextMap): Work<unknown> {
  if (typeof value === 'string') return yield* map(value, where);
  if (Array.isArray(value))
    return yield* mapEach<unknown, unknown>(value, (item) => mapped(item, where, map));
  if (typeof value !== 'object' || value === null) return value;
  const entries = yield* mapEach(Object.entries(value), function* ([name, item]) {
    return [name, yield* mapped(item, where, map)] as const;
  });
  return Object.fromEntries(entries);
}

function* mapEach<T, U>(items: readonly T[], map: (item: T, index: number) => Work<U>): Work<U[]> {
  const results: U[] = [];
  for (const [index, item] of items.entries()) results.push(yield* map(item, index));
  return results;
}
