import * as z from 'zod';
import { cacheControl } from '../decoding.ts';
import { readByType } from '../unread-fields.ts';

// The fields of a request that are translated (Anthropic's API reference, 'Messages'). Others go through the table of
// losses, so each object is loose.

/** A block of content. Its type says which of the schemas below it has to match. */
export const block = readByType({ type: z.string() });
export type Block = z.infer<typeof block>;

const cached = { cache_control: cacheControl.optional() };

export const textBlock = z.looseObject({ text: z.string(), ...cached });
export const thinkingBlock = z.looseObject({ thinking: z.string(), signature: z.string().nullish() });
export const redactedBlock = z.looseObject({ data: z.string() });
export const toolUseBlock = z.looseObject({
  id: z.string(),
  name: z.string(),
  input: z.unknown().optional(),
  ...cached,
});

const blocks = z.union([z.string(), z.array(block)]);

export const toolResultBlock = z.looseObject({
  tool_use_id: z.string(),
  content: blocks.nullish(),
  is_error: z.boolean().nullish(),
  ...cached,
});

/** Of an image or a document. */
export const fileSource = z.union([
  z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
  z.looseObject({ type: z.literal('url'), url: z.string() }),
  z.looseObject({ type: z.literal('text'), data: z.string() }),
  z.looseObject({ type: z.literal('content'), content: blocks }),
  z.looseObject({ type: z.literal('file'), file_id: z.string() }),
]);

export const fileBlock = z.looseObject({
  source: fileSource,
  title: z.string().nullish(),
  context: z.string().nullish(),
  ...cached,
});

export const toolReferenceBlock = z.looseObject({ tool_name: z.string(), ...cached });
export const searchResultBlock = z.looseObject({
  title: z.string(),
  source: z.string(),
  content: z.array(z.looseObject({ text: z.string(), ...cached })),
  ...cached,
});

export const tool = z.looseObject({
  type: z.string().nullish(),
  // Some tools of Anthropic's own have none.
  name: z.string().nullish(),
  description: z.string().nullish(),
  input_schema: z.unknown().optional(),
  strict: z.boolean().nullish(),
  ...cached,
});

const format = z.looseObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) });

export const message = z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: blocks });

export const request = z.looseObject({
  max_tokens: z.int().nullish(),
  messages: z.array(z.unknown()),
  system: blocks.nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .looseObject({
      type: z.enum(['auto', 'any', 'tool', 'none']),
      name: z.string().nullish(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .nullish(),
  thinking: z.looseObject({ type: z.string(), budget_tokens: z.int().nullish() }).nullish(),
  output_config: z.looseObject({ effort: z.string().nullish(), format: format.nullish() }).nullish(),
  output_format: format.nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  ...cached,
});
