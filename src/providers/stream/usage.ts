import * as z from 'zod';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import type { WireDialect } from '../config/catalogue.ts';

/** Adds up what the events of one answer, or a whole JSON answer, say about usage. */
export interface UsageReader {
  read(answer: unknown): void;
  /** In tokens, as reported so far; undefined where nothing was. A reported 0 is a 0. */
  readonly usage: ReportedUsage | undefined;
}

/** The dialect's own names of the counts, the latest and largest of each. */
type Counts = Readonly<Record<string, number | undefined>>;

interface DialectUsage {
  /** The counts in one event or answer; undefined where it reports none. */
  readonly counts: (answer: unknown) => Counts | undefined;
  readonly sum: (counts: Counts) => ReportedUsage;
}

export function createUsageReader(dialect: WireDialect): UsageReader {
  const { counts, sum } = dialects[dialect];
  let merged: Counts | undefined;
  return {
    // Counts only grow while an answer is made, and a dialect may tell some first and others last.
    read: (answer) => {
      const found = counts(answer);
      if (found !== undefined && Object.values(found).some((value) => value !== undefined)) {
        merged = larger(merged ?? {}, found);
      }
    },
    get usage() {
      return merged === undefined ? undefined : sum(merged);
    },
  };
}

function larger(left: Counts, right: Counts): Counts {
  const merged: Record<string, number | undefined> = { ...left };
  for (const [name, count] of Object.entries(right)) {
    if (count !== undefined) merged[name] = Math.max(count, merged[name] ?? 0);
  }
  return merged;
}

/** A figure that no call can have is none: in the ledger it would spoil every sum that it is a part of. */
const count = z.int().nonnegative().max(1_000_000_000);
const maybe = count.nullish().transform((value) => value ?? undefined);

const openaiCache = z.object({ cached_tokens: maybe, cache_write_tokens: maybe }).nullish();

const openaiChat = z.object({
  // Most events have none, and to fail for each of them would cost more than to parse it.
  usage: z
    .object({
      prompt_tokens: count,
      // An embedding completes nothing, and says nothing about it.
      completion_tokens: maybe,
      // What only explains the others spoils none of them.
      total_tokens: maybe.catch(undefined),
      prompt_tokens_details: openaiCache,
      completion_tokens_details: z.object({ reasoning_tokens: maybe }).nullish().catch(undefined),
    })
    .nullish(),
});

/** The last event of a stream has it. */
const openaiResponses = z.object({
  response: z
    .object({
      usage: z
        .object({
          input_tokens: count,
          output_tokens: maybe,
          input_tokens_details: openaiCache,
        })
        .nullish(),
    })
    .nullish(),
});

const anthropicCounts = z
  .object({
    input_tokens: maybe,
    cache_creation_input_tokens: maybe,
    cache_creation: z.object({ ephemeral_1h_input_tokens: maybe }).nullish(),
    cache_read_input_tokens: maybe,
    output_tokens: maybe,
  })
  .transform(({ cache_creation, ...counts }) => ({
    ...counts,
    hour_input_tokens: cache_creation?.ephemeral_1h_input_tokens,
  }));

/** `message_start` has it inside `message`; `message_delta` and a whole answer at the top. */
const anthropic = z.union([
  z.object({ usage: anthropicCounts }).transform(({ usage }) => usage),
  z.object({ message: z.object({ usage: anthropicCounts }) }).transform(({ message }) => message.usage),
]);

const google = z.object({
  usageMetadata: z.object({
    promptTokenCount: maybe,
    toolUsePromptTokenCount: maybe,
    cachedContentTokenCount: maybe,
    candidatesTokenCount: maybe,
    thoughtsTokenCount: maybe,
  }),
});

/** Whatever a provider says, what it read from its cache and wrote to it is at most all of the input. */
function usageOf({ input = 0, cached = 0, written = 0, hour = 0, output = 0 }: Counts): ReportedUsage {
  const cachedInputTokens = Math.min(cached, input);
  const cacheWriteTokens = Math.min(written, input - cachedInputTokens);
  const hourCacheWriteTokens = Math.min(hour, cacheWriteTokens);
  return {
    inputTokens: input,
    cachedInputTokens,
    ...(cacheWriteTokens === 0 ? {} : { cacheWriteTokens }),
    ...(hourCacheWriteTokens === 0 ? {} : { hourCacheWriteTokens }),
    outputTokens: output,
  };
}

type ChatUsage = NonNullable<z.infer<typeof openaiChat>['usage']>;

/** Reasoning is added where the provider's own total says that it stands beside the rest. */
function outputOf({ prompt_tokens, completion_tokens: output, total_tokens, ...usage }: ChatUsage) {
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0;
  const isBeside = output !== undefined && total_tokens === prompt_tokens + output + reasoning;
  return isBeside ? output + reasoning : output;
}

const dialects: Readonly<Record<WireDialect, DialectUsage>> = {
  // Cached tokens, read and written, are inside `prompt_tokens`, reasoning inside `completion_tokens` (OpenAI's API
  // reference, 'The chat completion object'); but xAI counts reasoning beside them, as its total shows (its
  // documentation, 'Consumption and Rate Limits').
  'openai-chat': {
    counts: (answer) => {
      const usage = openaiChat.safeParse(answer).data?.usage;
      if (usage === undefined || usage === null) return undefined;
      return {
        input: usage.prompt_tokens,
        cached: usage.prompt_tokens_details?.cached_tokens,
        written: usage.prompt_tokens_details?.cache_write_tokens,
        output: outputOf(usage),
      };
    },
    sum: usageOf,
  },
  // As in chat completions, under other names (OpenAI's API reference, 'The response object').
  'openai-responses': {
    counts: (answer) => {
      const usage = openaiResponses.safeParse(answer).data?.response?.usage;
      if (usage === undefined || usage === null) return undefined;
      return {
        input: usage.input_tokens,
        cached: usage.input_tokens_details?.cached_tokens,
        written: usage.input_tokens_details?.cache_write_tokens,
        output: usage.output_tokens,
      };
    },
    sum: usageOf,
  },
  // `input_tokens` excludes what is read from the cache or written to it (Anthropic's API reference, 'Prompt caching').
  'anthropic-messages': {
    counts: (answer) => anthropic.safeParse(answer).data,
    sum: ({
      input_tokens: input = 0,
      cache_creation_input_tokens: written = 0,
      hour_input_tokens: hour = 0,
      cache_read_input_tokens: cached = 0,
      output_tokens: output = 0,
    }) => usageOf({ input: input + written + cached, cached, written, hour, output }),
  },
  // The prompt includes the cached tokens; thoughts are billed as output, and are not in the candidates (Google's API
  // reference, 'UsageMetadata').
  'google-generative': {
    counts: (answer) => google.safeParse(answer).data?.usageMetadata,
    sum: ({
      promptTokenCount: prompt = 0,
      toolUsePromptTokenCount: toolUse = 0,
      cachedContentTokenCount: cached = 0,
      candidatesTokenCount: candidates = 0,
      thoughtsTokenCount: thoughts = 0,
    }) => usageOf({ input: prompt + toolUse, cached, output: candidates + thoughts }),
  },
};
