import type { Part, Target } from '../../guard/call.ts';
import type { CallResult } from '../../guard/call-state.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import { lossOf, type Loss } from '../../providers/translation/losses.ts';
import type { AnswerEnd, AnswerPart, Protocol, ReplyContext, StreamEncoder } from './protocol.ts';

type TranslatedPart = Exclude<Part, { type: 'bytes' }>;
type Finish = AnswerPart & { type: 'finish' };

export interface ReplyOf {
  readonly protocol: Protocol;
  readonly streams: boolean;
  readonly context: Omit<ReplyContext, 'servedBy'>;
  /** What the answer did not carry. */
  readonly onLosses: (target: string, losses: readonly Loss[]) => void;
}

/** Writes the answer to one translated call in the words of its client's protocol. */
export class TranslatedReply {
  readonly #reply: ReplyOf;
  readonly #parts: AnswerPart[] = [];
  readonly #losses = new Set<Loss>();
  #target: Target | undefined;
  #encoder: StreamEncoder | undefined;
  #finish: Finish | undefined;
  /** A target that speaks the client's protocol answers in bytes. */
  isUsed = false;

  constructor(reply: ReplyOf) {
    this.#reply = reply;
  }

  /** The target whose answer follows. */
  readonly serve = (target: Target): void => {
    this.#target = target;
  };

  get target(): Target | undefined {
    return this.#target;
  }

  /** What can be sent now. An answer in one piece is sent at its end. */
  part(part: TranslatedPart): string {
    this.isUsed = true;
    if (part.type === 'error' || part.type === 'raw') return '';
    if (part.type === 'finish') this.#finish = part;
    if (part.type === 'source') this.#losses.add(lossOf('citations'));
    if (part.type === 'tool-result') this.#losses.add(lossOf('serverToolCall'));
    if (part.type === 'file' && this.#reply.protocol.hasFiles !== true)
      this.#losses.add(lossOf('answerFile'));
    if (!this.#reply.streams) {
      this.#parts.push(part);
      return '';
    }
    return this.#stream().part(part);
  }

  /** The rest, once the guard has settled the call: it counts the tokens. */
  end(result: CallResult & { readonly kind: 'done' }): string {
    const { protocol, streams, onLosses } = this.#reply;
    this.#target ??= result.target;
    if (this.#losses.size > 0) onLosses(nameOf(this.#target), [...this.#losses]);
    const end = endOf(result, this.#finish);
    if (streams) return this.#stream().end(end);
    return JSON.stringify(protocol.whole(this.#parts, end, this.#context()));
  }

  #stream(): StreamEncoder {
    this.#encoder ??= this.#reply.protocol.stream(this.#context());
    return this.#encoder;
  }

  #context(): ReplyContext {
    const servedBy = this.#target === undefined ? '' : nameOf(this.#target);
    return { ...this.#reply.context, servedBy };
  }
}

function endOf({ usage }: CallResult & { readonly kind: 'done' }, finish: Finish | undefined): AnswerEnd {
  const { unified = 'other', raw } = finish?.finishReason ?? {};
  const { cacheWrite = 0 } = finish?.usage.inputTokens ?? {};
  const { reasoning = 0 } = finish?.usage.outputTokens ?? {};
  const stopped = finish?.providerMetadata?.['anthropic']?.['stopSequence'];
  return {
    reason: unified === 'error' || unified === 'interrupted' ? 'other' : unified,
    ...(raw === 'stop_sequence' && typeof stopped === 'string' ? { stopSequence: stopped } : {}),
    usage: {
      inputTokens: usage.inputTokens,
      cachedInputTokens: usage.cachedInputTokens,
      cacheWriteTokens: Math.min(cacheWrite, usage.inputTokens - usage.cachedInputTokens),
      outputTokens: usage.outputTokens,
      reasoningTokens: Math.min(reasoning, usage.outputTokens),
    },
  };
}
