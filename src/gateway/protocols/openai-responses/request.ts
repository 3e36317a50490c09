import * as z from 'zod';
import { textFormat } from '../decoded-tools.ts';
import { readByType } from '../unread-fields.ts';

// The fields of a request that are translated (OpenAI's API reference, 'Responses', and what Codex sends). Others go
// through the table of losses, so each object is loose.

export const part = readByType({ type: z.string() });
export type Part = z.infer<typeof part>;
const content = z.union([z.string(), z.array(part)]);

export const textPart = z.looseObject({ text: z.string() });
export const refusalPart = z.looseObject({ refusal: z.string() });
export const imagePart = z.looseObject({ image_url: z.string().nullish(), file_id: z.string().nullish() });
export const filePart = z.looseObject({
  file_data: z.string().nullish(),
  file_url: z.string().nullish(),
  file_id: z.string().nullish(),
  filename: z.string().nullish(),
});
export const audioPart = z.looseObject({
  input_audio: z.looseObject({ data: z.string(), format: z.string() }),
});

/** A message may come without a type. */
export const item = readByType({ type: z.string().nullish() });
export type Item = z.infer<typeof item>;

export const message = z.looseObject({
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content,
});
export const functionCall = z.looseObject({
  call_id: z.string(),
  name: z.string(),
  namespace: z.string().nullish(),
  arguments: z.string(),
});
export const customCall = z.looseObject({ call_id: z.string(), name: z.string(), input: z.string() });
export const callOutput = z.looseObject({ call_id: z.string(), output: content });
export const reasoning = z.looseObject({
  summary: z.array(z.looseObject({ text: z.string() })).nullish(),
  content: z.array(z.looseObject({ text: z.string().nullish() })).nullish(),
  encrypted_content: z.string().nullish(),
});

const simpleTool = z.looseObject({
  type: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  parameters: z.unknown().optional(),
  strict: z.boolean().nullish(),
  format: textFormat,
});
export const tool = z.looseObject({ ...simpleTool.shape, tools: z.array(simpleTool).nullish() });
export type Tool = z.infer<typeof tool>;
export const toolList = z.looseObject({ tools: z.array(tool) });

const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.looseObject({
    type: z.string(),
    name: z.string().nullish(),
    namespace: z.string().nullish(),
    mode: z.enum(['auto', 'required']).nullish(),
    tools: z.array(z.looseObject({ type: z.string().nullish(), name: z.string().nullish() })).nullish(),
  }),
]);

export const request = z.looseObject({
  input: z.union([z.string(), z.array(z.unknown())]).nullish(),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  text: z
    .looseObject({
      verbosity: z.string().nullish(),
      format: z
        .looseObject({
          type: z.enum(['text', 'json_object', 'json_schema']),
          name: z.string().nullish(),
          description: z.string().nullish(),
          schema: z.record(z.string(), z.unknown()).nullish(),
          strict: z.boolean().nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
