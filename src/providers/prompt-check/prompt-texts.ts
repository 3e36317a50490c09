import type { LanguageModelV4Message } from '@ai-sdk/provider';
import { isPassThrough, type AnyPrompt, type PassThroughPrompt, type Prompt } from '../../guard/call.ts';
import { shortestValue } from '../../redaction/known-secrets.ts';
import { mapStrings } from '../../shared/json-strings.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { Work } from '../../shared/slices.ts';
import { scanRequest } from '../passthrough/scan-request.ts';
import { RequestPlaces, theRequest } from './request-places.ts';
import { mapString, mapValue, type TextMap } from './prompt-values.ts';

type Part = Exclude<LanguageModelV4Message['content'], string>[number];

/** A copy of the prompt with every text mapped: messages, files, tool calls, tool results, tools, and what else it has. */
export function* mapTexts(prompt: AnyPrompt, map: TextMap): Work<AnyPrompt> {
  if (isPassThrough(prompt)) return yield* mapRequest(prompt, map);
  return yield* mapPrompt(prompt, map);
}

function* mapPrompt(prompt: Prompt, map: TextMap): Work<Prompt> {
  const { prompt: messages, tools, ...others } = prompt;
  const mapped: Prompt['prompt'] = [];
  for (const [index, message] of messages.entries()) mapped.push(yield* mapMessage(message, index + 1, map));
  const rest = yield* mapValue(others, theRequest, map);
  if (tools === undefined) return { ...rest, prompt: mapped };
  const mappedTools: NonNullable<Prompt['tools']> = [];
  for (const tool of tools)
    mappedTools.push(yield* mapValue(tool, (l10n) => l10n.t('the tool {0}', tool.name), map));
  return { ...rest, prompt: mapped, tools: mappedTools };
}

function* mapRequest(prompt: PassThroughPrompt, map: TextMap): Work<PassThroughPrompt> {
  const places = new RequestPlaces(prompt.body.bytes);
  const bytes = yield* mapStrings(prompt.body.bytes, shortestValue, places, (text, where) =>
    mapString(text, where, map),
  );
  // A secret of the body stands in its translation too.
  const { translated } = prompt;
  const mapped =
    translated === undefined ? prompt : { ...prompt, translated: yield* mapPrompt(translated, map) };
  if (bytes === prompt.body.bytes) return mapped;
  const scanned = yield* scanRequest(bytes);
  if (!scanned.ok) throw new TypeError(`a mapped request is ${scanned.error}`);
  return { ...mapped, body: scanned.value };
}

/** `at`: the number of the message, from 1. */
function* mapMessage(
  message: LanguageModelV4Message,
  at: number,
  map: TextMap,
): Work<LanguageModelV4Message> {
  const { role, content, ...options } = message;
  const where = placeOf(role, at);
  const mapped = yield* mapValue(options, where, map);
  if (role === 'system') return { ...mapped, role, content: yield* mapString(content, where, map) };
  const parts: Part[] = [];
  for (const part of content) {
    // A loaded value may be any word, even `text`.
    parts.push({ ...(yield* mapValue(part, partPlace(part, role, at), map)), type: part.type } as Part);
  }
  return { ...mapped, role, content: parts } as LanguageModelV4Message;
}

function placeOf(role: LanguageModelV4Message['role'], at: number): Wording {
  switch (role) {
    case 'system':
      return (l10n) => l10n.t('message {0} (system)', at);
    case 'user':
      return (l10n) => l10n.t('message {0} (user)', at);
    case 'assistant':
      return (l10n) => l10n.t('message {0} (assistant)', at);
    case 'tool':
      return (l10n) => l10n.t('message {0} (tool)', at);
  }
}

function partPlace(part: Part, role: LanguageModelV4Message['role'], at: number): Wording {
  switch (part.type) {
    case 'tool-call':
      return (l10n) => l10n.t('message {0} (call to {1})', at, part.toolName);
    case 'tool-result':
      return (l10n) => l10n.t('message {0} (result of {1})', at, part.toolName);
    default:
      return placeOf(role, at);
  }
}
