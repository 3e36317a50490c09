import type { LanguageModelV4Message, LanguageModelV4ToolResultPart } from '@ai-sdk/provider';
import { fileKindOf } from '../../guard/estimate.ts';
import type { Fitting } from './fitting.ts';

type Message = LanguageModelV4Message;
type UserMessage = Extract<Message, { role: 'user' }>;
type Output = LanguageModelV4ToolResultPart['output'];

/** A system message in the middle of a conversation, for a dialect that has none there. */
const markedAsSystem = (text: string) => `<system>\n${text}\n</system>`;

/**
 * Turns system messages in the middle of the conversation into user's messages that are marked as the system's. One
 * between a tool call and its results stands behind those, because nothing may come between them.
 */
export function systemIntoUser(fitting: Fitting): void {
  const fitted: Message[] = [];
  const waiting: UserMessage[] = [];
  for (const message of fitting.messages) {
    const isFirst = fitted.every(({ role }) => role === 'system');
    const hasCall = callsBefore(fitted);
    if (message.role === 'system' && !isFirst) {
      const said: UserMessage = {
        role: 'user',
        content: [{ type: 'text', text: markedAsSystem(message.content) }],
      };
      if (hasCall) waiting.push(said);
      else fitted.push(said);
      continue;
    }
    fitted.push(message);
    if (message.role === 'tool') fitted.push(...waiting.splice(0));
  }
  fitting.messages = [...fitted, ...waiting];
}

/** Whether the last message calls tools whose results have not come yet. */
function callsBefore(messages: readonly Message[]): boolean {
  const last = messages.at(-1);
  return last?.role === 'assistant' && last.content.some((part) => part.type === 'tool-call');
}

/** Makes the first system messages one. Many servers with OpenAI's protocol take one only. */
export function mergeFirstSystem(fitting: Fitting): void {
  const count = fitting.messages.findIndex(({ role }) => role !== 'system');
  const first = fitting.messages.slice(0, count < 0 ? undefined : count);
  if (first.length < 2) return;
  const content = first.map((message) => (message.role === 'system' ? message.content : '')).join('\n\n');
  fitting.messages = [{ role: 'system', content }, ...fitting.messages.slice(first.length)];
}

/** What a tool said when it failed, for a dialect without a mark for it. */
export function errorsIntoText(fitting: Fitting): void {
  fitting.mapParts((part) => {
    if (part.type !== 'tool-result') return part;
    const { output } = part;
    if (output.type !== 'error-text' && output.type !== 'error-json') return part;
    const said = output.type === 'error-text' ? output.value : JSON.stringify(output.value);
    return { ...part, output: { type: 'text', value: `The tool reported an error.\n${said}` } };
  });
}

/** The words in the place of a file that stands in the next message of the user. */
const followsAsFile = '[The file follows in the next message.]';

/**
 * Makes each result of a tool one text. Its files go into a user's message behind all results of that turn, because no
 * message may come between them.
 */
export function filesBehindResults(fitting: Fitting): void {
  const fitted: Message[] = [];
  let files: UserMessage['content'] = [];
  const flush = () => {
    if (files.length > 0) fitted.push({ role: 'user', content: files });
    files = [];
  };
  for (const message of fitting.messages) {
    if (message.role !== 'tool') {
      flush();
      fitted.push(message);
      continue;
    }
    const content = message.content.map((part) => {
      if (part.type !== 'tool-result' || part.output.type !== 'content') return part;
      const { text, found } = apart(part.output, part.toolName);
      files.push(...found);
      return { ...part, output: { type: 'text' as const, value: text } };
    });
    fitted.push({ ...message, content });
  }
  flush();
  fitting.messages = fitted;
}

function apart(output: Extract<Output, { type: 'content' }>, toolName: string) {
  const texts: string[] = [];
  const found: UserMessage['content'] = [];
  for (const part of output.value) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'file') {
      texts.push(followsAsFile);
      found.push({ type: 'text', text: `[A file from the result of ${toolName}:]` }, part);
    }
  }
  return { text: texts.join('\n'), found };
}

/** Makes files that are text into text. Not every package and server takes them as files. */
export function textFilesIntoText(fitting: Fitting): void {
  fitting.mapParts((part) => {
    if (part.type !== 'file' || fileKindOf(part.mediaType) !== 'text') return part;
    const { data, filename } = part;
    if (data.type !== 'data' && data.type !== 'text') return part;
    const text =
      data.type === 'text'
        ? data.text
        : Buffer.from(data.data as string, typeof data.data === 'string' ? 'base64' : undefined).toString();
    return { type: 'text', text: filename === undefined ? text : `${filename}\n${text}` };
  });
}
