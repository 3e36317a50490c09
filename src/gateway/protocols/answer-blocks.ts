import type { LanguageModelV4File, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { AnswerPart } from './protocol.ts';

/** One piece of an answer. Its text and metadata grow until it closes. */
export interface AnswerBlock {
  readonly kind: 'text' | 'reasoning' | 'tool' | 'file';
  /** From 0, in the order in which the blocks are sent. */
  readonly at: number;
  /** The text, or the input of a tool call as JSON. */
  text: string;
  /** What the provider wants back with this piece: a signature, for example. */
  metadata: SharedV4ProviderMetadata | undefined;
  /** Of a tool call. */
  readonly call?: { readonly id: string; readonly name: string };
  readonly file?: { readonly mediaType: string; readonly data: LanguageModelV4File['data'] };
}

export type BlockEvent =
  | { readonly type: 'open' | 'close'; readonly block: AnswerBlock }
  | { readonly type: 'delta'; readonly block: AnswerBlock; readonly text: string };

interface Waiting {
  readonly block: AnswerBlock;
  readonly texts: string[];
  closed: boolean;
}

/**
 * Turns the parts of an answer into blocks that come one after the other. Providers may send several tool calls at the
 * same time, but in most protocols a block ends before the next one begins. So later blocks wait.
 */
export class BlockReader {
  readonly blocks: AnswerBlock[] = [];
  /** Names of parts that no block stands for. */
  readonly left = new Set<'source' | 'serverTool'>();
  /** By kind and id; the first one is the block that is being sent. */
  readonly #open = new Map<string, Waiting>();
  readonly #serverCalls = new Set<string>();

  push(part: AnswerPart): BlockEvent[] {
    switch (part.type) {
      case 'text-start':
        return this.#start(`text ${part.id}`, { kind: 'text' }, part.providerMetadata);
      case 'reasoning-start':
        return this.#start(`reasoning ${part.id}`, { kind: 'reasoning' }, part.providerMetadata);
      case 'text-delta':
        return this.#grow(`text ${part.id}`, part.delta, part.providerMetadata);
      case 'reasoning-delta':
        return this.#grow(`reasoning ${part.id}`, part.delta, part.providerMetadata);
      case 'text-end':
        return this.#end(`text ${part.id}`, part.providerMetadata);
      case 'reasoning-end':
        return this.#end(`reasoning ${part.id}`, part.providerMetadata);
      case 'tool-input-start': {
        if (part.providerExecuted === true) {
          this.#serverCalls.add(part.id);
          this.left.add('serverTool');
          return [];
        }
        return this.#start(
          `tool ${part.id}`,
          { kind: 'tool', call: { id: part.id, name: part.toolName } },
          part.providerMetadata,
        );
      }
      case 'tool-input-delta':
        return this.#serverCalls.has(part.id)
          ? []
          : this.#grow(`tool ${part.id}`, part.delta, part.providerMetadata);
      case 'tool-call':
        return this.#call(part);
      case 'file':
        return this.#whole(
          { kind: 'file', file: { mediaType: part.mediaType, data: part.data } },
          part.providerMetadata,
        );
      case 'source':
        this.left.add('source');
        return [];
      case 'tool-result':
        this.left.add('serverTool');
        return [];
      default:
        return [];
    }
  }

  /** Closes what the provider left open. */
  finish(): BlockEvent[] {
    return [...this.#open.keys()].flatMap((key) => this.#end(key, undefined));
  }

  /** The input may come as a whole, without deltas. */
  #call(part: AnswerPart & { type: 'tool-call' }): BlockEvent[] {
    if (part.providerExecuted === true) {
      this.left.add('serverTool');
      return [];
    }
    const key = `tool ${part.toolCallId}`;
    const events: BlockEvent[] = [];
    if (!this.#open.has(key)) {
      const call = { id: part.toolCallId, name: part.toolName };
      events.push(...this.#start(key, { kind: 'tool', call }, part.providerMetadata));
    }
    const text = this.#open.get(key)?.block.text ?? '';
    if (text === '') events.push(...this.#grow(key, part.input === '' ? '{}' : part.input, undefined));
    return [...events, ...this.#end(key, part.providerMetadata)];
  }

  #whole(
    fields: Pick<AnswerBlock, 'kind' | 'file'>,
    metadata: SharedV4ProviderMetadata | undefined,
  ): BlockEvent[] {
    const key = `file ${this.blocks.length}`;
    return [...this.#start(key, fields, metadata), ...this.#end(key, undefined)];
  }

  #start(
    key: string,
    fields: Pick<AnswerBlock, 'kind' | 'call' | 'file'>,
    metadata: SharedV4ProviderMetadata | undefined,
  ): BlockEvent[] {
    const block: AnswerBlock = { ...fields, at: this.blocks.length, text: '', metadata };
    this.blocks.push(block);
    const isFirst = this.#open.size === 0;
    this.#open.set(key, { block, texts: [], closed: false });
    return isFirst ? [{ type: 'open', block }] : [];
  }

  #grow(key: string, text: string, metadata: SharedV4ProviderMetadata | undefined): BlockEvent[] {
    const waiting = this.#open.get(key);
    // Some providers send text without opening it.
    if (waiting === undefined) {
      const kind = key.startsWith('text ') ? 'text' : 'reasoning';
      if (key.startsWith('tool ')) return [];
      return [...this.#start(key, { kind }, metadata), ...this.#grow(key, text, undefined)];
    }
    const { block, texts } = waiting;
    block.metadata = merged(block.metadata, metadata);
    if (text === '') return [];
    block.text += text;
    if (this.#isFirst(key)) return [{ type: 'delta', block, text }];
    texts.push(text);
    return [];
  }

  #end(key: string, metadata: SharedV4ProviderMetadata | undefined): BlockEvent[] {
    const waiting = this.#open.get(key);
    if (waiting === undefined) return [];
    waiting.closed = true;
    waiting.block.metadata = merged(waiting.block.metadata, metadata);
    return this.#isFirst(key) ? this.#advance() : [];
  }

  /** Sends the block at the front if it is closed, and what waited behind it. */
  #advance(): BlockEvent[] {
    const events: BlockEvent[] = [];
    for (const [key, { block, texts, closed }] of this.#open) {
      for (const text of texts.splice(0)) events.push({ type: 'delta', block, text });
      if (!closed) return events;
      events.push({ type: 'close', block });
      this.#open.delete(key);
      const next = this.#open.values().next();
      if (next.done !== true) events.push({ type: 'open', block: next.value.block });
    }
    return events;
  }

  #isFirst(key: string): boolean {
    return this.#open.keys().next().value === key;
  }
}

/** The blocks of a whole answer. */
export function blocksOf(parts: readonly AnswerPart[]): readonly AnswerBlock[] {
  const reader = new BlockReader();
  for (const part of parts) reader.push(part);
  reader.finish();
  return reader.blocks;
}

/** Each provider's members are merged one by one: a signature comes after an id, for example. */
function merged(
  before: SharedV4ProviderMetadata | undefined,
  after: SharedV4ProviderMetadata | undefined,
): SharedV4ProviderMetadata | undefined {
  if (before === undefined || after === undefined) return after ?? before;
  const all = { ...before };
  for (const [provider, members] of Object.entries(after)) all[provider] = { ...all[provider], ...members };
  return all;
}
