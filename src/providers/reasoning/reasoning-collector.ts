import type { Part } from '../../guard/call.ts';
import { isObject } from '../../shared/json.ts';
import { reasoningLimits } from '../../shared/limits.ts';
import type { KeptBlock, KeptReasoning, ProviderOptions } from './kept-reasoning.ts';

interface Growing {
  readonly type: KeptBlock['type'];
  text: string;
  options: ProviderOptions | undefined;
  readonly calls: number;
  readonly chars: number;
}

/** Collects from the parts of one answer what its provider wants back in the next request. */
export class ReasoningCollector {
  readonly #blocks: Growing[] = [];
  readonly #open = new Map<string, Growing>();
  readonly #calls: Record<string, ProviderOptions> = {};
  #answer: ProviderOptions | undefined;
  #size = 0;
  #callCount = 0;
  #chars = 0;

  add(part: Part): void {
    switch (part.type) {
      case 'reasoning-start':
      case 'reasoning-end':
        this.#grow(part.id, '', part.providerMetadata);
        if (part.type === 'reasoning-end') this.#open.delete(part.id);
        break;
      case 'reasoning-delta':
        this.#grow(part.id, part.delta, part.providerMetadata);
        break;
      case 'text-start':
      case 'text-end':
        this.#sign(part.providerMetadata);
        break;
      case 'text-delta':
        this.#chars += part.delta.length;
        this.#sign(part.providerMetadata);
        break;
      case 'tool-call':
        // What the provider ran itself has no result of the user's.
        if (part.providerExecuted === true) break;
        this.#callCount += 1;
        this.#chars = 0;
        if (part.providerMetadata !== undefined) {
          this.#size += JSON.stringify(part.providerMetadata).length;
          this.#calls[part.toolCallId] = part.providerMetadata;
        }
        break;
      case 'finish':
        this.#answer = answerOptions(part.providerMetadata);
        this.#size += this.#answer === undefined ? 0 : JSON.stringify(this.#answer).length;
        break;
      default:
        break;
    }
  }

  /** Undefined if there was no reasoning, or more than is kept. */
  reasoning(madeBy: string): KeptReasoning | undefined {
    const blocks = this.#blocks.filter(({ text, options }) => text !== '' || options !== undefined);
    const isEmpty =
      blocks.length === 0 && Object.keys(this.#calls).length === 0 && this.#answer === undefined;
    if (isEmpty || this.#size > reasoningLimits.answerChars || blocks.length > reasoningLimits.blocks)
      return undefined;
    return {
      madeBy,
      blocks: blocks.map(({ options, ...block }) => (options === undefined ? block : { ...block, options })),
      calls: this.#calls,
      ...(this.#answer === undefined ? {} : { answer: this.#answer }),
    };
  }

  #grow(id: string, delta: string, metadata: ProviderOptions | undefined): void {
    const block = this.#open.get(id) ?? this.#begin('reasoning');
    this.#open.set(id, block);
    this.#size += delta.length;
    if (this.#size <= reasoningLimits.answerChars) block.text += delta;
    if (metadata !== undefined) this.#addOptions(block, metadata);
  }

  /** A text is in the next request anyway, so a block without words carries what belongs to it. */
  #sign(metadata: ProviderOptions | undefined): void {
    if (metadata?.['google']?.['thoughtSignature'] === undefined) return;
    const last = this.#blocks.at(-1);
    const isSame = last?.type === 'text' && JSON.stringify(last.options) === JSON.stringify(metadata);
    if (!isSame) this.#addOptions(this.#begin('text'), metadata);
  }

  #begin(type: KeptBlock['type']): Growing {
    const block: Growing = { type, text: '', options: undefined, calls: this.#callCount, chars: this.#chars };
    this.#blocks.push(block);
    return block;
  }

  #addOptions(block: Growing, metadata: ProviderOptions): void {
    this.#size += JSON.stringify(metadata).length;
    const merged: ProviderOptions = { ...block.options };
    for (const [provider, members] of Object.entries(metadata))
      merged[provider] = { ...merged[provider], ...members };
    block.options = merged;
  }
}

/** The name under which a dialect's model reports what it has to know of the whole answer. */
export const answerKey = 'callguardAnswer';

function answerOptions(metadata: ProviderOptions | undefined): ProviderOptions | undefined {
  const own = metadata?.[answerKey];
  return isObject(own) ? { [answerKey]: own } : undefined;
}
