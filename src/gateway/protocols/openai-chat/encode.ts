import { blocksOf, BlockReader, type AnswerBlock, type BlockEvent } from '../answer-blocks.ts';
import { callOf, inputOf, reasonOf, serverSentEvent } from '../encoding.ts';
import type { AnswerEnd, AnswerUsage, Protocol, ReplyContext, StreamEncoder } from '../protocol.ts';
import { signatureFor, wantsBack } from '../signatures.ts';

// OpenAI's API reference, 'Chat completions' and its streaming. `reasoning_content` is DeepSeek's name, which most
// clients read.

const reasons = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
  other: 'stop',
} as const satisfies Record<AnswerEnd['reason'], string>;

function usageOf(usage: AnswerUsage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

function commonOf<T extends string>({ id, model, createdMs }: ReplyContext, object: T) {
  return { id: `chatcmpl-${id}`, object, created: Math.floor(createdMs / 1_000), model };
}

function callFields(block: AnswerBlock, context: ReplyContext, input: string) {
  const call = callOf(block, context);
  const { id, name, isCustom } = call;
  const extra = wantsBack(block.metadata)
    ? { extra_content: { google: { thought_signature: signatureFor(context.servedBy, block.metadata) } } }
    : {};
  return isCustom === true
    ? { id, type: 'custom' as const, custom: { name, input }, ...extra }
    : { id, type: 'function' as const, function: { name, arguments: input }, ...extra };
}

export const wholeCompletion = ((parts, end, context) => {
  const blocks = blocksOf(parts);
  const textOf = (wanted: AnswerBlock['kind']) =>
    blocks.map(({ kind, text }) => (kind === wanted ? text : '')).join('');
  const calls = blocks
    .filter(({ kind }) => kind === 'tool')
    .map((block) => callFields(block, context, inputOf(block, callOf(block, context))));
  const [text, reasoning] = [textOf('text'), textOf('reasoning')];
  const message = {
    role: 'assistant' as const,
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: reasons[reasonOf(end, blocks)] };
  return { ...commonOf(context, 'chat.completion'), choices: [choice], usage: usageOf(end.usage) };
}) satisfies Protocol['whole'];

/** The chunks of a streamed answer. */
export function streamCompletion(context: ReplyContext): StreamEncoder {
  const reader = new BlockReader();
  const common = commonOf(context, 'chat.completion.chunk');
  const indexes = new Map<AnswerBlock, number>();
  let hasStarted = false;
  const chunk = (delta: object, reason: string | null = null) => {
    const role = hasStarted ? {} : { role: 'assistant', content: '' };
    hasStarted = true;
    const choice = { index: 0, delta: { ...role, ...delta }, logprobs: null, finish_reason: reason };
    const usage = context.wantsUsage ? { usage: null } : {};
    return serverSentEvent({ ...common, choices: [choice], ...usage });
  };
  const call = (block: AnswerBlock, fields: object) => {
    const index = indexes.get(block) ?? indexes.size;
    indexes.set(block, index);
    return chunk({ tool_calls: [{ index, ...fields }] });
  };
  const eventOf = (change: BlockEvent): string => {
    const { block, type } = change;
    if (block.kind === 'tool') return callEvent(change);
    if (type !== 'delta') return '';
    return chunk(block.kind === 'text' ? { content: change.text } : { reasoning_content: change.text });
  };
  const callEvent = (change: BlockEvent): string => {
    const { block, type } = change;
    const tool = callOf(block, context);
    // Free text is known when the whole input is.
    if (tool.isCustom === true) {
      return type === 'close' ? call(block, callFields(block, context, inputOf(block, tool))) : '';
    }
    if (type === 'open') return call(block, callFields(block, context, ''));
    const text = type === 'delta' ? change.text : block.text === '' ? '{}' : '';
    return text === '' ? '' : call(block, { function: { arguments: text } });
  };
  return {
    part: (part) => reader.push(part).map(eventOf).join(''),
    end: (end) => {
      const rest = reader.finish().map(eventOf).join('');
      const last = chunk({}, reasons[reasonOf(end, reader.blocks)]);
      const usage = context.wantsUsage
        ? serverSentEvent({ ...common, choices: [], usage: usageOf(end.usage) })
        : '';
      return `${rest}${last}${usage}${serverSentEvent('[DONE]')}`;
    },
  };
}
