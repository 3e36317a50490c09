import type { LanguageModelV4Message } from '@ai-sdk/provider';
import { createHash } from 'node:crypto';
import type { Prompt } from '../../guard/call.ts';
import { lossOf, type Loss, type PartLoss } from './losses.ts';
import { isForeign } from './made-by.ts';
import { safeToolCallId } from './tool-call-ids.ts';

/** Whom a prompt has to fit. */
export interface FitTarget {
  /** `provider/model` */
  readonly name: string;
  /** As the provider calls it. */
  readonly model: string;
  /** As the catalogue calls it. */
  readonly kind: string;
  /** Whether it thinks; undefined if that is unknown. */
  readonly reasons?: boolean | undefined;
}

/** A prompt that the AI SDK's package of a dialect sends without losing anything in silence. */
export interface Fitted {
  readonly prompt: Prompt;
  readonly losses: readonly Loss[];
  /** The names of tools in the prompt, by the names that the provider gets, where those differ. */
  readonly toolNames: ReadonlyMap<string, string>;
}

/** The step of a dialect before its package. */
export type Fit = (prompt: Prompt, target: FitTarget) => Fitted;

type Message = LanguageModelV4Message;
type MessagePart = Exclude<Message['content'], string>[number];

/** One prompt on its way to a dialect. Each step changes what the dialect has another form for. */
export class Fitting {
  readonly target: FitTarget;
  readonly #losses = new Set<Loss>();
  #toolNames: ReadonlyMap<string, string> = new Map();
  messages: readonly Message[];
  /** All but the messages. */
  options: Omit<Prompt, 'prompt' | 'controls'>;
  controls: NonNullable<Prompt['controls']>;

  constructor({ prompt, controls = {}, ...options }: Prompt, target: FitTarget) {
    this.messages = prompt;
    this.options = options;
    this.controls = controls;
    this.target = target;
    if (target.reasons === false) this.#askForNoThinking();
  }

  /** A model that does not think would refuse the wish, or ignore it. */
  #askForNoThinking(): void {
    const { thinkingTokens = 0, ...controls } = this.controls;
    const { reasoning = 'none', ...options } = this.options;
    this.controls = controls;
    this.options = options;
    if (thinkingTokens > 0 || (reasoning !== 'none' && reasoning !== 'provider-default'))
      this.lose('modelOption', 'reasoning');
  }

  lose(kind: PartLoss, detail?: string): void {
    this.#losses.add(lossOf(kind, detail));
  }

  /** Adds to the options of the dialect's package. */
  providerOptions(name: string, added: Record<string, unknown>): void {
    const { providerOptions = {} } = this.options;
    const merged = { ...providerOptions[name], ...added } as (typeof providerOptions)[string];
    this.options = { ...this.options, providerOptions: { ...providerOptions, [name]: merged } };
  }

  /** Leaves an option out and says so. */
  loseOption(...names: readonly (keyof Fitting['options'])[]): void {
    for (const name of names) {
      if (this.options[name] === undefined) continue;
      const { [name]: _left, ...others } = this.options;
      this.options = others;
      this.lose('modelOption', name);
    }
  }

  result(): Fitted {
    const prompt = { ...this.options, prompt: [...this.messages] };
    return { prompt, losses: [...this.#losses], toolNames: this.#toolNames };
  }

  /** Changes each part; undefined leaves it out. A message without parts is left out too. */
  mapParts(map: (part: MessagePart) => MessagePart | undefined): void {
    this.messages = this.messages.flatMap((message) => {
      if (message.role === 'system') return [message];
      const content = message.content as readonly MessagePart[];
      const mapped = content.map(map).filter((part) => part !== undefined);
      if (mapped.length === content.length && mapped.every((part, n) => part === content[n]))
        return [message];
      return mapped.length === 0 ? [] : [{ ...message, content: mapped } as Message];
    });
  }

  /** Leaves out reasoning, and signatures of tool calls, that another target made. */
  dropForeignReasoning(): void {
    const { name } = this.target;
    this.mapParts((part) => {
      if (!isForeign(part.providerOptions, name)) return part;
      if (part.type === 'reasoning') {
        this.lose('foreignReasoning');
        return undefined;
      }
      const { providerOptions: _signed, ...plain } = part;
      return plain;
    });
  }

  /** Leaves out the marks for Anthropic's cache. */
  dropCacheMarks(): void {
    const isMarked = (holder: { readonly providerOptions?: Prompt['providerOptions'] }) =>
      holder.providerOptions?.['anthropic']?.['cacheControl'] !== undefined;
    const isIn = (message: Message) =>
      isMarked(message) || (message.role !== 'system' && (message.content as MessagePart[]).some(isMarked));
    const { tools = [] } = this.options;
    const hasMark =
      isMarked(this.options) ||
      this.messages.some(isIn) ||
      tools.some((tool) => tool.type === 'function' && isMarked(tool));
    if (hasMark) this.lose('cacheControl');
  }

  /** Gives calls ids that the dialect takes. A call and its result get the same. */
  makeIdsSafe(longest?: number): void {
    this.mapParts((part) => {
      if (part.type !== 'tool-call' && part.type !== 'tool-result') return part;
      const toolCallId = safeToolCallId(part.toolCallId, longest);
      return toolCallId === part.toolCallId ? part : { ...part, toolCallId };
    });
  }

  /** Gives tools names that the dialect takes; the answer gets the client's names back. */
  makeNamesSafe(allowed: RegExp = /^[A-Za-z0-9_-]{1,64}$/): void {
    const names = new Map<string, string>();
    const safe = (name: string): string => {
      const plain = name.replaceAll(/[^A-Za-z0-9_-]/g, '_');
      if (allowed.test(name) || name === '') return name;
      const hash = createHash('sha256').update(name).digest('base64url').slice(0, 8);
      const short = `t_${plain.slice(0, 50)}_${hash}`;
      names.set(short, name);
      return short;
    };
    this.mapParts((part) => {
      if (part.type !== 'tool-call' && part.type !== 'tool-result') return part;
      const toolName = safe(part.toolName);
      return toolName === part.toolName ? part : { ...part, toolName };
    });
    const { tools, toolChoice } = this.options;
    if (tools !== undefined)
      this.options = { ...this.options, tools: tools.map((tool) => ({ ...tool, name: safe(tool.name) })) };
    if (toolChoice?.type === 'tool')
      this.options = { ...this.options, toolChoice: { type: 'tool', toolName: safe(toolChoice.toolName) } };
    this.#toolNames = names;
  }
}
