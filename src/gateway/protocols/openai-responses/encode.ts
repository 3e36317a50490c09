import { blocksOf, type AnswerBlock } from '../answer-blocks.ts';
import { callOf, inputOf, reasonOf } from '../encoding.ts';
import type { AnswerEnd, AnswerUsage, Protocol, ReplyContext } from '../protocol.ts';
import { signatureFor, wantsBack } from '../signatures.ts';

// OpenAI's API reference, 'Responses'.

export function usageOf(usage: AnswerUsage) {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

type Status = 'in_progress' | 'completed' | 'incomplete';

/** A response without the fields of the request, which its client knows. */
export function responseOf<T>(context: ReplyContext, status: Status, output: T[]) {
  const { id, model, createdMs } = context;
  return {
    id: `resp_${id}`,
    object: 'response' as const,
    created_at: Math.floor(createdMs / 1_000),
    status,
    error: null,
    access_programs: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model,
    output,
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto' as const,
    tools: [],
    top_p: null,
  };
}

/** The members of a response that its end decides. */
export function endOf(end: AnswerEnd, blocks: readonly AnswerBlock[]) {
  const reason = reasonOf(end, blocks);
  const cut =
    reason === 'length'
      ? ('max_output_tokens' as const)
      : reason === 'content-filter'
        ? ('content_filter' as const)
        : undefined;
  return {
    status: cut === undefined ? ('completed' as const) : ('incomplete' as const),
    incomplete_details: cut === undefined ? null : { reason: cut },
    usage: usageOf(end.usage),
  };
}

/** The output items of one block: before a call stands the reasoning that its provider wants back with it. */
function itemsOf(block: AnswerBlock, context: ReplyContext) {
  switch (block.kind) {
    case 'text':
      return [messageItem(block, context, 'completed')];
    case 'reasoning':
      return [reasoningItem(block, context)];
    case 'tool': {
      const call = callItem(block, context, 'completed', inputOf(block, callOf(block, context)));
      return wantsBack(block.metadata) ? [signatureItem(block, context), call] : [call];
    }
    case 'file':
      return [];
  }
}

export function messageItem({ at, text }: AnswerBlock, { id }: ReplyContext, status: Status) {
  const content = status === 'completed' ? [textPart(text)] : [];
  const kind = { type: 'message', role: 'assistant' } as const;
  return { id: `msg_${id}_${at}`, ...kind, status, content };
}

export function textPart(text: string) {
  return { type: 'output_text' as const, text, annotations: [], logprobs: [] };
}

export function reasoningItem({ at, text, metadata }: AnswerBlock, { id, servedBy }: ReplyContext) {
  const summary = text === '' ? [] : [{ type: 'summary_text' as const, text }];
  const signature = signatureFor(servedBy, metadata);
  return { id: `rs_${id}_${at}`, type: 'reasoning' as const, summary, encrypted_content: signature };
}

export function signatureItem({ at, metadata }: AnswerBlock, { id, servedBy }: ReplyContext) {
  const signature = signatureFor(servedBy, metadata);
  return { id: `rs_${id}_${at}_call`, type: 'reasoning' as const, summary: [], encrypted_content: signature };
}

export function callItem(block: AnswerBlock, context: ReplyContext, status: Status, input: string) {
  const { id: callId, name, namespace, isCustom } = callOf(block, context);
  const group = namespace === undefined ? {} : { namespace };
  const common = { call_id: callId, name, ...group, status };
  return isCustom === true
    ? { id: `ctc_${context.id}_${block.at}`, type: 'custom_tool_call' as const, ...common, input }
    : { id: `fc_${context.id}_${block.at}`, type: 'function_call' as const, ...common, arguments: input };
}

/** The output items of an answer. */
export function outputOf(blocks: readonly AnswerBlock[], context: ReplyContext) {
  return blocks.flatMap((block): ReturnType<typeof itemsOf>[number][] => itemsOf(block, context));
}

export const wholeResponse = ((parts, end, context) => {
  const blocks = blocksOf(parts);
  const output = outputOf(blocks, context);
  const finished = endOf(end, blocks);
  return { ...responseOf(context, finished.status, output), ...finished };
}) satisfies Protocol['whole'];
