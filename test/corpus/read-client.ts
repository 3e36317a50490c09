import { createParser } from 'eventsource-parser';
import * as z from 'zod';
import type { CorpusCase, Seen } from './case-format.ts';

type Reading = Pick<Seen, 'text' | 'reasoning' | 'finish' | 'error' | 'says'> & {
  readonly tools: { name: string; arguments: string }[];
};

interface Mutable {
  text: string;
  reasoning: string;
  finish: string | null;
  error: string | null;
  says: string;
  tools: { name: string; arguments: string }[];
}

const errorSchema = z.object({
  error: z.object({
    code: z.union([z.string(), z.number()]).nullish(),
    type: z.string().nullish(),
    message: z.string().optional(),
  }),
});

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const contentPart = z.union([
  textPart,
  z.object({ type: z.literal('thinking'), thinking: z.array(textPart) }),
]);

const chatPart = z.object({
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  tool_calls: z
    .array(
      z.object({
        index: z.number().optional(),
        function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }),
      }),
    )
    .nullish(),
});
const chatSchema = z.object({
  choices: z.array(
    z.object({
      delta: chatPart.nullish(),
      message: chatPart.nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
});

const anthropicBlock = z.object({
  type: z.string().optional(),
  text: z.string().optional(),
  thinking: z.string().optional(),
  partial_json: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
  stop_reason: z.string().nullish(),
});
const anthropicSchema = z.object({
  content: z.array(anthropicBlock).optional(),
  content_block: anthropicBlock.optional(),
  delta: anthropicBlock.optional(),
  stop_reason: z.string().nullish(),
});

/** What an ordinary client of the protocol makes of an answer. */
export function readClient(dialect: CorpusCase['dialect'], streams: boolean, body: string): Seen {
  const read: Mutable = { text: '', reasoning: '', finish: null, error: null, says: '', tools: [] };
  const one = (data: string) => {
    if (data === '' || data === '[DONE]') return;
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      read.error ??= 'not_json';
      return;
    }
    const failed = errorSchema.safeParse(json).data?.error;
    if (failed !== undefined) {
      read.error ??= String(failed.code ?? failed.type ?? 'error');
      read.says ||= failed.message ?? '';
    } else if (dialect === 'anthropic-messages') readAnthropic(json, read);
    else readChat(json, read);
  };
  if (streams && !body.startsWith('{')) {
    const parser = createParser({
      onEvent: ({ data }) => {
        one(data);
      },
    });
    // A line break at the end may be half of one.
    parser.feed(`${body}\n\n`);
  } else one(body);
  return seenOf(read);
}

function seenOf({ tools, ...read }: Reading): Seen {
  const toolCalls = tools.map(({ name, arguments: text }) => ({ name, arguments: parsedArguments(text) }));
  return { ...read, toolCalls };
}

/** The arguments of a tool call; as text if they are no JSON. None are an empty object. */
export function parsedArguments(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return text;
  }
}

function readChat(json: unknown, read: Mutable): void {
  for (const { delta, message, finish_reason } of chatSchema.safeParse(json).data?.choices ?? []) {
    const part = delta ?? message ?? {};
    const { content } = part;
    if (Array.isArray(content)) {
      for (const each of content) {
        if (each.type === 'text') read.text += each.text;
        else read.reasoning += each.thinking.map(({ text }) => text).join('');
      }
    } else read.text += content ?? part.refusal ?? '';
    read.reasoning += part.reasoning_content ?? part.reasoning ?? '';
    for (const { index, function: called } of part.tool_calls ?? []) {
      const at = index ?? read.tools.length;
      const tool = (read.tools[at] ??= { name: '', arguments: '' });
      tool.name ||= called.name ?? '';
      tool.arguments += called.arguments ?? '';
    }
    read.finish = finish_reason ?? read.finish;
  }
}

function readAnthropic(json: unknown, read: Mutable): void {
  const {
    content = [],
    content_block: opened,
    delta,
    stop_reason,
  } = anthropicSchema.safeParse(json).data ?? {};
  for (const block of [...content, opened, delta]) {
    if (block === undefined) continue;
    read.text += block.text ?? '';
    read.reasoning += block.thinking ?? '';
    if (block.type === 'tool_use') {
      const whole = content.includes(block) ? JSON.stringify(block.input) : '';
      read.tools.push({ name: block.name ?? '', arguments: whole });
    }
    const last = read.tools.at(-1);
    if (block.partial_json !== undefined && last !== undefined) last.arguments += block.partial_json;
    read.finish = block.stop_reason ?? read.finish;
  }
  read.finish = stop_reason ?? read.finish;
}
