import { blocksOf, BlockReader, type AnswerBlock } from '../answer-blocks.ts';
import { argumentsOf, callOf, reasonOf } from '../encoding.ts';
import type { AnswerEnd, AnswerUsage, Protocol, ReplyContext, StreamEncoder } from '../protocol.ts';
import { signatureFor, wantsBack } from '../signatures.ts';

// Google's API reference, 'GenerateContentResponse'. A tool call ends with STOP.

const reasons: Readonly<Record<AnswerEnd['reason'], string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  'tool-calls': 'STOP',
  other: 'STOP',
};

/** Thoughts are counted beside the answer. */
function usageOf(usage: AnswerUsage) {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: Math.max(0, outputTokens - reasoningTokens),
    totalTokenCount: inputTokens + outputTokens,
    ...(cachedInputTokens === 0 ? {} : { cachedContentTokenCount: cachedInputTokens }),
    ...(reasoningTokens === 0 ? {} : { thoughtsTokenCount: reasoningTokens }),
  };
}

function partsOf(block: AnswerBlock, context: ReplyContext) {
  const { kind, text, metadata } = block;
  const signature = wantsBack(metadata) ? { thoughtSignature: signatureFor(context.servedBy, metadata) } : {};
  switch (kind) {
    case 'text':
      return text === '' ? [] : [{ text, ...signature }];
    case 'reasoning':
      return [{ text, thought: true, thoughtSignature: signatureFor(context.servedBy, metadata) }];
    case 'tool': {
      const { id, name } = callOf(block, context);
      return [{ functionCall: { id, name, args: argumentsOf(block) }, ...signature }];
    }
    case 'file': {
      const { data, mediaType = '' } = block.file ?? {};
      if (data?.type !== 'data') return [];
      const base64 = typeof data.data === 'string' ? data.data : Buffer.from(data.data).toString('base64');
      return [{ inlineData: { mimeType: mediaType, data: base64 } }];
    }
  }
}

function responseOf<T>({ id, model }: ReplyContext, parts: T[], end?: AnswerEnd, reason = '') {
  return {
    candidates: [
      { content: { role: 'model', parts }, index: 0, ...(end === undefined ? {} : { finishReason: reason }) },
    ],
    ...(end === undefined ? {} : { usageMetadata: usageOf(end.usage) }),
    modelVersion: model,
    responseId: id,
  };
}

export const wholeGenerated = ((parts, end, context) => {
  const blocks = blocksOf(parts);
  const content = blocks.flatMap((block): ReturnType<typeof partsOf>[number][] => partsOf(block, context));
  return responseOf(context, content, end, reasons[reasonOf(end, blocks)]);
}) satisfies Protocol['whole'];

/** The chunks of a streamed answer. Texts come in pieces, calls as a whole. */
export function streamGenerated(context: ReplyContext): StreamEncoder {
  const reader = new BlockReader();
  const chunk = (parts: object[], end?: AnswerEnd) =>
    `data: ${JSON.stringify(responseOf(context, parts, end, end && reasons[reasonOf(end, reader.blocks)]))}\r\n\r\n`;
  const eventsOf = (changes: ReturnType<BlockReader['push']>) =>
    changes
      .map((change) => {
        const { block, type } = change;
        if (type === 'delta') {
          if (block.kind === 'text') return chunk([{ text: change.text }]);
          return block.kind === 'reasoning' ? chunk([{ text: change.text, thought: true }]) : '';
        }
        if (type === 'open') return '';
        if (block.kind === 'tool' || block.kind === 'file') return chunk(partsOf(block, context));
        if (block.kind === 'text' && !wantsBack(block.metadata)) return '';
        // The text went out before; the signature is known now.
        return chunk([...partsOf({ ...block, text: '' }, context), ...emptySigned(block, context)]);
      })
      .join('');
  return {
    part: (part) => eventsOf(reader.push(part)),
    end: (end) => eventsOf(reader.finish()) + chunk([], end),
  };
}

/** A text's signature comes in a part without text. */
function emptySigned({ kind, metadata }: AnswerBlock, { servedBy }: ReplyContext): object[] {
  return kind === 'text' ? [{ text: '', thoughtSignature: signatureFor(servedBy, metadata) }] : [];
}
