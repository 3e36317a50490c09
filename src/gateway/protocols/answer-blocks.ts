import type { LanguageModelV4File, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { AnswerPart } from './protocol.ts';
import { wantsBack } from './signatures.ts';

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

type Fields = Pick<AnswerBlock, 'kind' | 'call' | 'file'>;

/**
 * Turns the parts of an answer into blocks that come one after the other. Providers may send several tool calls at the
 * same time, but in most protocols a block ends before the next one begins. So later blocks wait. A text or a piece of
 * empty reasoning does not become a block, because APIs refuse it when it comes back.
 */
export class BlockReader {
  readonly blocks: AnswerBlock[] = [];
  /** Names of parts that no block stands for. */
  readonly left = new Set<'source' | 'serverTool'>();
  /** The first one is the block that is being sent. */
  readonly #queue: Waiting[] = [];
  /** Those that are not closed, by kind and id. A provider may give the id of a closed one again. */
  readonly #open = new Map<string, Waiting>();
  /** Texts and reasoning that are open and have nothing in them yet. */
  readonly #empty = new Map<string, SharedV4ProviderMetadata | undefined>();
  readonly #serverCalls = new Set<string>();

  push(part: AnswerPart): BlockEvent[] {
    switch (part.type) {
      case 'text-start':
        return this.#announce(`text ${part.id}`, part.providerMetadata);
      case 'reasoning-start':
        return this.#announce(`reasoning ${part.id}`, part.providerMetadata);
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
    return [...this.#open.keys(), ...this.#empty.keys()].flatMap((key) => this.#end(key, undefined));
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

  #whole(fields: Fields, metadata: SharedV4ProviderMetadata | undefined): BlockEvent[] {
    const key = `file ${this.blocks.length}`;
    return [...this.#start(key, fields, metadata), ...this.#end(key, undefined)];
  }

  #announce(key: string, metadata: SharedV4ProviderMetadata | undefined): BlockEvent[] {
    const before = this.#end(key, undefined);
    this.#empty.set(key, metadata);
    return before;
  }

  #start(key: string, fields: Fields, metadata: SharedV4ProviderMetadata | undefined): BlockEvent[] {
    const before = this.#end(key, undefined);
    const block: AnswerBlock = { ...fields, at: this.blocks.length, text: '', metadata };
    const waiting = { block, texts: [], closed: false };
    this.blocks.push(block);
    this.#open.set(key, waiting);
    this.#queue.push(waiting);
    return this.#queue.length === 1 ? [...before, { type: 'open', block }] : before;
  }

  #grow(key: string, text: string, metadata: SharedV4ProviderMetadata | undefined): BlockEvent[] {
    const waiting = this.#open.get(key);
    if (waiting === undefined) {
      if (key.startsWith('tool ')) return [];
      const known = merged(this.#empty.get(key), metadata);
      if (text === '') {
        this.#empty.set(key, known);
        return [];
      }
      // Some providers send text without opening it.
      this.#empty.delete(key);
      return [...this.#start(key, { kind: kindOf(key) }, known), ...this.#grow(key, text, undefined)];
    }
    const { block, texts } = waiting;
    block.metadata = merged(block.metadata, metadata);
    if (text === '') return [];
    block.text += text;
    if (this.#queue[0] === waiting) return [{ type: 'delta', block, text }];
    texts.push(text);
    return [];
  }

  #end(key: string, metadata: SharedV4ProviderMetadata | undefined): BlockEvent[] {
    if (this.#empty.has(key)) {
      const known = merged(this.#empty.get(key), metadata);
      this.#empty.delete(key);
      if (!wantsBack(known)) return [];
      return [...this.#start(key, { kind: kindOf(key) }, known), ...this.#end(key, undefined)];
    }
    const waiting = this.#open.get(key);
    if (waiting === undefined) return [];
    this.#open.delete(key);
    waiting.closed = true;
    waiting.block.metadata = merged(waiting.block.metadata, metadata);
    return this.#queue[0] === waiting ? this.#advance() : [];
  }

  /** Sends the block at the front if it is closed, and what waited behind it. */
  #advance(): BlockEvent[] {
    const events: BlockEvent[] = [];
    for (;;) {
      const [first] = this.#queue;
      if (first === undefined) return events;
      const { block, texts } = first;
      for (const text of texts.splice(0)) events.push({ type: 'delta', block, text });
      if (!first.closed) return events;
      events.push({ type: 'close', block });
      this.#queue.shift();
      const [next] = this.#queue;
      if (next !== undefined) events.push({ type: 'open', block: next.block });
    }
  }
}

function kindOf(key: string): 'text' | 'reasoning' {
  return key.startsWith('text ') ? 'text' : 'reasoning';
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
