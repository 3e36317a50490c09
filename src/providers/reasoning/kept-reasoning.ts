import type { LanguageModelV4Message } from '@ai-sdk/provider';
import * as z from 'zod';
import type { Prompt } from '../../guard/call.ts';
import { isObject } from '../../shared/json.ts';
import { reasoningLimits } from '../../shared/limits.ts';

export type AssistantMessage = LanguageModelV4Message & { readonly role: 'assistant' };
export type ProviderOptions = NonNullable<AssistantMessage['providerOptions']>;

/** One block of reasoning, or a text without words that carries a signature. */
export interface KeptBlock {
  readonly type: 'reasoning' | 'text';
  readonly text: string;
  readonly options?: ProviderOptions | undefined;
  /** The tool calls of the answer before the block. */
  readonly calls: number;
  /** The characters of text between the last of these calls and the block. */
  readonly chars: number;
}

/** What a model thought while it gave one answer, in the form in which its provider wants it back. */
export interface KeptReasoning {
  /** The target that made it, as `makerOf` names it. No other target gets it. */
  readonly madeBy: string;
  readonly blocks: readonly KeptBlock[];
  /** What the provider wants back with each tool call, by the call's id. */
  readonly calls: Readonly<Record<string, ProviderOptions>>;
  /** What the dialect has to know of the whole answer. */
  readonly answer?: ProviderOptions | undefined;
}

/** What is asked of a target, to name it. */
interface Maker {
  readonly config: { readonly origin: string | undefined; readonly kind: string; readonly id: string };
  readonly wireModel: string;
}

/** The name of a target in what it made. A model of another address or name cannot read it. */
export function makerOf({ config, wireModel }: Maker): string {
  return JSON.stringify([config.origin ?? config.kind, config.id, wireModel]);
}

/** The name under which a message of a prompt, and the last part of an answer, carry it. */
const carrier = 'callguardReasoning';

const options = z.record(z.string(), z.record(z.string(), z.json()));
const count = z.int().nonnegative();
const schema = z.object({
  madeBy: z.string(),
  blocks: z
    .array(
      z.object({
        type: z.enum(['reasoning', 'text']),
        text: z.string(),
        options: options.optional(),
        calls: count,
        chars: count,
      }),
    )
    .max(reasoningLimits.blocks),
  calls: options.optional().default({}),
  answer: options.optional(),
});

/** Reads what another extension or a part of an answer carried; undefined for anything else. */
export function parseKept(value: unknown): KeptReasoning | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? (parsed.data as KeptReasoning) : undefined;
}

/** Provider options, or metadata, that carry the reasoning. */
export function carrying(kept: KeptReasoning): ProviderOptions {
  const blocks = kept.blocks.map((block) => ({ ...block }));
  return { [carrier]: { kept: { ...kept, blocks } } };
}

/** The reasoning that a message or the last part of an answer carries. */
export function carriedBy(options: unknown): KeptReasoning | undefined {
  const carried = isObject(options) ? options[carrier] : undefined;
  return isObject(carried) ? parseKept(carried['kept']) : undefined;
}

/** The message with the reasoning attached. It becomes parts of the message in `withOwnReasoning`. */
export function attach(message: AssistantMessage, kept: KeptReasoning): AssistantMessage {
  return { ...message, providerOptions: { ...message.providerOptions, ...carrying(kept) } };
}

/**
 * The prompt with all attached reasoning of `madeBy` in its place, and with none of any other target: signatures of
 * one provider are errors to another. `onForeign` gets the target of each that was left out.
 */
export function withOwnReasoning(
  prompt: Prompt,
  madeBy: string,
  onForeign: (madeBy: string) => void,
): Prompt {
  const messages = prompt.prompt.map((message) => {
    const kept = message.role === 'assistant' ? carriedBy(message.providerOptions) : undefined;
    if (message.role !== 'assistant' || kept === undefined) return message;
    const { [carrier]: _carried, ...providerOptions } = message.providerOptions ?? {};
    if (kept.madeBy !== madeBy) {
      onForeign(kept.madeBy);
      return { ...message, providerOptions };
    }
    return {
      ...message,
      content: placed(message.content, kept),
      providerOptions: { ...providerOptions, ...kept.answer },
    };
  });
  const isSame = messages.every((message, index) => message === prompt.prompt[index]);
  return isSame ? prompt : { ...prompt, prompt: messages };
}

type Content = AssistantMessage['content'];

/** Puts each block where the model had it: providers check the order of signed blocks and calls. */
function placed(content: Content, kept: KeptReasoning): Content {
  const waiting = [...kept.blocks];
  const result: Content = [];
  let calls = 0;
  let chars = 0;
  const put = (isDue: (block: KeptBlock) => boolean) => {
    for (let block = waiting[0]; block !== undefined && isDue(block); block = waiting[0]) {
      result.push(partOf(block));
      waiting.shift();
    }
  };
  for (const part of content) {
    if (part.type === 'reasoning') continue;
    if (part.type === 'text') {
      const from = chars;
      const isDue = (block: KeptBlock) =>
        block.calls < calls || (block.calls === calls && block.chars <= chars);
      while (chars < from + part.text.length) {
        put(isDue);
        const next = waiting[0];
        const at = chars;
        chars = from + part.text.length;
        if (next?.calls === calls) chars = Math.min(chars, next.chars);
        result.push({ ...part, text: part.text.slice(at - from, chars - from) });
      }
    } else if (part.type === 'tool-call') {
      put((block) => block.calls <= calls);
      const options = kept.calls[part.toolCallId];
      result.push(
        options === undefined ? part : { ...part, providerOptions: { ...part.providerOptions, ...options } },
      );
      calls += 1;
      chars = 0;
    } else result.push(part);
  }
  put(() => true);
  return result;
}

function partOf({ type, text, options: providerOptions }: KeptBlock): Content[number] {
  return { type, text, ...(providerOptions === undefined ? {} : { providerOptions }) };
}
