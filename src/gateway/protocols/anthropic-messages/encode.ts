import { blocksOf, BlockReader, type AnswerBlock, type BlockEvent } from '../answer-blocks.ts';
import { argumentsOf, callOf, inputOf, reasonOf, serverSentEvent } from '../encoding.ts';
import type { AnswerEnd, AnswerUsage, Protocol, ReplyContext, StreamEncoder } from '../protocol.ts';
import { signatureFor, wantsBack } from '../signatures.ts';

// Anthropic's API reference, 'Messages' and 'Streaming messages'.

const reasons = {
  stop: 'end_turn',
  length: 'max_tokens',
  'content-filter': 'refusal',
  'tool-calls': 'tool_use',
  other: 'end_turn',
} as const satisfies Record<AnswerEnd['reason'], string>;

/** Without the tokens of the cache, which the protocol counts apart. */
function usageOf(usage: AnswerUsage) {
  const { inputTokens, cachedInputTokens: read, cacheWriteTokens: written } = usage;
  return {
    input_tokens: Math.max(0, inputTokens - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    server_tool_use: null,
  };
}

function stopOf(end: AnswerEnd, blocks: readonly AnswerBlock[]) {
  const reason = reasonOf(end, blocks);
  const { stopSequence } = end;
  return reason === 'stop' && stopSequence !== undefined
    ? { stop_reason: 'stop_sequence' as const, stop_sequence: stopSequence }
    : { stop_reason: reasons[reason], stop_sequence: null };
}

function messageOf<T>({ id, model }: ReplyContext, content: T[]) {
  const kind = { type: 'message', role: 'assistant' } as const;
  return { id: `msg_${id}`, ...kind, model, content, container: null };
}

export const wholeMessage = ((parts, end, context) => {
  const blocks = blocksOf(parts);
  const extra = { service_tier: null, cache_creation: null, inference_geo: null, speed: null };
  return {
    ...messageOf(
      context,
      blocks.flatMap((block): ReturnType<typeof contentOf>[number][] => contentOf(block, context)),
    ),
    ...stopOf(end, blocks),
    stop_details: null,
    diagnostics: null,
    usage: { ...usageOf(end.usage), ...extra },
  };
}) satisfies Protocol['whole'];

function contentOf(block: AnswerBlock, context: ReplyContext) {
  const { kind, text, metadata } = block;
  const signature = signatureFor(context.servedBy, metadata);
  switch (kind) {
    case 'text':
      return text === '' ? [] : [{ type: 'text' as const, text, citations: null }];
    case 'reasoning':
      return [{ type: 'thinking' as const, thinking: text, signature }];
    case 'tool': {
      const { id, name } = callOf(block, context);
      const caller = { type: 'direct' as const };
      const call = { type: 'tool_use' as const, id, name, input: argumentsOf(block), caller };
      return wantsBack(metadata) ? [{ type: 'thinking' as const, thinking: '', signature }, call] : [call];
    }
    case 'file':
      return [];
  }
}

/** The events of a streamed answer. */
export function streamMessages(context: ReplyContext): StreamEncoder {
  const reader = new BlockReader();
  let hasStarted = false;
  let index = -1;
  const event = (type: string, data: object) => serverSentEvent({ type, ...data }, type);
  const begin = (): string => {
    if (hasStarted) return '';
    hasStarted = true;
    const usage = { ...usageOf(noUsage), input_tokens: context.inputTokens, output_tokens: 1 };
    const message = { ...messageOf(context, []), stop_reason: null, stop_sequence: null, usage };
    return event('message_start', { message });
  };
  const open = (block: object) => event('content_block_start', { index: ++index, content_block: block });
  const delta = (change: object) => event('content_block_delta', { index, delta: change });
  const close = () => event('content_block_stop', { index });
  const thinking = (signature: string) => delta({ type: 'signature_delta', signature }) + close();

  const eventOf = (change: BlockEvent): string => {
    const { block } = change;
    const signature = () => signatureFor(context.servedBy, block.metadata);
    if (block.kind === 'file') return '';
    if (change.type === 'delta') return delta(deltaOf(block.kind, change.text));
    if (change.type === 'close') {
      if (block.kind === 'reasoning') return thinking(signature());
      const isEmpty = block.kind === 'tool' && block.text === '';
      return (isEmpty ? delta(deltaOf('tool', inputOf(block, { name: '' }))) : '') + close();
    }
    switch (block.kind) {
      case 'text':
        return open({ type: 'text', text: '' });
      case 'reasoning':
        return open({ type: 'thinking', thinking: '', signature: '' });
      case 'tool': {
        const { id, name } = callOf(block, context);
        const before = wantsBack(block.metadata)
          ? open({ type: 'thinking', thinking: '', signature: '' }) + thinking(signature())
          : '';
        return before + open({ type: 'tool_use', id, name, input: {} });
      }
    }
  };
  return {
    part: (part) => {
      if (part.type === 'ping') return hasStarted ? event('ping', {}) : '';
      const changes = reader.push(part);
      return changes.length === 0 ? '' : begin() + changes.map(eventOf).join('');
    },
    end: (end) =>
      begin() +
      reader.finish().map(eventOf).join('') +
      event('message_delta', { delta: stopOf(end, reader.blocks), usage: usageOf(end.usage) }) +
      event('message_stop', {}),
  };
}

function deltaOf(kind: 'text' | 'reasoning' | 'tool', text: string): object {
  if (kind === 'text') return { type: 'text_delta', text };
  if (kind === 'reasoning') return { type: 'thinking_delta', thinking: text };
  return { type: 'input_json_delta', partial_json: text };
}

const noUsage: AnswerUsage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};
