import { safeToolCallId } from '../../providers/translation/tool-call-ids.ts';
import { isObject, parseJson } from '../../shared/json.ts';
import type { AnswerBlock } from './answer-blocks.ts';
import type { AnswerEnd, ClientTool, ReplyContext } from './protocol.ts';

/** One server-sent event. */
export function serverSentEvent(data: object | string, event?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return event === undefined ? `data: ${text}\n\n` : `event: ${event}\ndata: ${text}\n\n`;
}

/** A call of a tool as the client knows it. */
export interface EncodedCall extends ClientTool {
  readonly id: string;
}

export function callOf(block: AnswerBlock, { tools }: Pick<ReplyContext, 'tools'>): EncodedCall {
  const { id = '', name = '' } = block.call ?? {};
  return { ...(tools.get(name) ?? { name }), id: safeToolCallId(id) };
}

/** The whole input of a call: JSON, or the free text of a custom tool. */
export function inputOf(block: AnswerBlock, { isCustom }: ClientTool): string {
  const { text } = block;
  if (isCustom !== true) return text.trim() === '' ? '{}' : text;
  const input = parseJson(text);
  return isObject(input) && typeof input['input'] === 'string' ? input['input'] : text;
}

/** The input of a call as an object, for protocols that send no text. */
export function argumentsOf(block: AnswerBlock): Readonly<Record<string, unknown>> {
  const input = parseJson(block.text);
  if (isObject(input)) return input;
  return block.text.trim() === '' ? {} : { input: input ?? block.text };
}

/** Why the answer ended. Some providers say 'stop' although the client has to call a tool now. */
export function reasonOf({ reason }: AnswerEnd, blocks: readonly AnswerBlock[]): AnswerEnd['reason'] {
  const hasCalls = blocks.some(({ kind }) => kind === 'tool');
  if (reason === 'tool-calls') return hasCalls ? reason : 'stop';
  return hasCalls && (reason === 'stop' || reason === 'other') ? 'tool-calls' : reason;
}
