import * as z from 'zod';
import { textFormat } from '../decoded-tools.ts';
import { cacheControl } from '../decoding.ts';
import { readByType } from '../unread-fields.ts';

// The fields of a request that are translated (OpenAI's API reference, 'Chat completions', and what clients of other
// servers with this protocol send). Others go through the table of losses, so each object is loose.

export const part = readByType({ type: z.string() });
export type Part = z.infer<typeof part>;

const cached = { cache_control: cacheControl.optional() };

export const textPart = z.looseObject({ text: z.string(), ...cached });
export const refusalPart = z.looseObject({ refusal: z.string(), ...cached });
export const imagePart = z.looseObject({
  // Some clients send the URL itself.
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]),
  ...cached,
});
export const videoPart = z.looseObject({ video_url: z.looseObject({ url: z.string() }), ...cached });
export const audioPart = z.looseObject({
  input_audio: z.looseObject({ data: z.string(), format: z.string() }),
  ...cached,
});
export const filePart = z.looseObject({
  file: z.looseObject({
    file_data: z.string().nullish(),
    file_id: z.string().nullish(),
    filename: z.string().nullish(),
  }),
  ...cached,
});

const content = z.union([z.string(), z.array(part)]).nullish();

const toolCall = z.looseObject({
  id: z.string(),
  function: z.looseObject({ name: z.string(), arguments: z.string().nullish() }).nullish(),
  custom: z.looseObject({ name: z.string(), input: z.string() }).nullish(),
  extra_content: z
    .looseObject({ google: z.looseObject({ thought_signature: z.string().nullish() }).nullish() })
    .nullish(),
});
export type ToolCall = z.infer<typeof toolCall>;

export const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content,
  refusal: z.string().nullish(),
  // DeepSeek's name, then OpenRouter's.
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  tool_call_id: z.string().nullish(),
  ...cached,
});
export type Message = z.infer<typeof message>;

export const tool = z.looseObject({
  type: z.string(),
  function: z
    .looseObject({
      name: z.string(),
      description: z.string().nullish(),
      parameters: z.unknown().optional(),
      strict: z.boolean().nullish(),
    })
    .nullish(),
  custom: z
    .looseObject({ name: z.string(), description: z.string().nullish(), format: textFormat })
    .nullish(),
  ...cached,
});

const namedTool = z.looseObject({
  type: z.string().nullish(),
  function: z.looseObject({ name: z.string() }).nullish(),
  custom: z.looseObject({ name: z.string() }).nullish(),
});

export const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  // Mistral's word for it.
  z.literal('any'),
  z.looseObject({
    ...namedTool.shape,
    allowed_tools: z.looseObject({ mode: z.enum(['auto', 'required']), tools: z.array(namedTool) }).nullish(),
  }),
]);
export type NamedTool = z.infer<typeof namedTool>;

export const request = z.looseObject({
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  messages: z.array(z.unknown()),
  // Clients of local servers ask with -1 for no limit.
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  max_output_tokens: z.int().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  seed: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .looseObject({
      type: z.enum(['text', 'json_object', 'json_schema']),
      json_schema: z
        .looseObject({
          name: z.string().nullish(),
          description: z.string().nullish(),
          schema: z.record(z.string(), z.unknown()).nullish(),
          strict: z.boolean().nullish(),
        })
        .nullish(),
    })
    .nullish(),
  reasoning_effort: z.string().nullish(),
  // OpenRouter's form of it.
  reasoning: z
    .looseObject({
      effort: z.string().nullish(),
      max_tokens: z.int().nullish(),
      enabled: z.boolean().nullish(),
    })
    .nullish(),
  verbosity: z.string().nullish(),
});
