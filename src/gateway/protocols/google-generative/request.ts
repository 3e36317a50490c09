import * as z from 'zod';
import { isObject } from '../../../shared/json.ts';
import { readByType } from '../unread-fields.ts';

// The fields of a request that are translated (Google's API reference, 'generateContent'). Others go through the table of
// losses, so each object is loose. The API takes names in both spellings, `systemInstruction` and `system_instruction`.

/** An object whose own names are read in the spelling of the API. What stands inside is not touched. */
function named<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess(withCamelCase, z.looseObject(shape));
}

function withCamelCase(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [camelCase(name), member]));
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const inlineData = named({ mimeType: z.string(), data: z.string(), displayName: z.string().nullish() });

export const part = named({
  text: z.string().nullish(),
  thought: z.boolean().nullish(),
  thoughtSignature: z.string().nullish(),
  inlineData: inlineData.nullish(),
  fileData: named({ fileUri: z.string() }).nullish(),
  functionCall: named({
    id: z.string().nullish(),
    name: z.string(),
    args: z.record(z.string(), z.unknown()).nullish(),
  }).nullish(),
  functionResponse: named({
    id: z.string().nullish(),
    name: z.string(),
    response: z.unknown().optional(),
    parts: z.array(named({ inlineData: inlineData.nullish() })).nullish(),
  }).nullish(),
  executableCode: z.unknown().optional(),
  codeExecutionResult: z.unknown().optional(),
});
export type Part = z.infer<typeof part>;

export const content = named({
  // `function` is an older name for the user's turn with results of functions.
  role: z.enum(['user', 'model', 'function']).nullish(),
  parts: z.array(part).nullish(),
});
export type Content = z.infer<typeof content>;

const instruction = named({ parts: z.array(part).nullish() });
export type Instruction = z.infer<typeof instruction>;

const declaration = named({
  name: z.string(),
  description: z.string().nullish(),
  parameters: z.unknown().optional(),
  parametersJsonSchema: z.unknown().optional(),
});

/** A tool of a request: declarations of functions, or one member that names a tool of Google's own. */
export const tool = z.preprocess(
  withCamelCase,
  readByType({ functionDeclarations: z.array(declaration).nullish() }),
);

export const generationConfig = named({
  temperature: z.number().nullish(),
  topP: z.number().nullish(),
  topK: z.number().nullish(),
  seed: z.number().nullish(),
  presencePenalty: z.number().nullish(),
  frequencyPenalty: z.number().nullish(),
  maxOutputTokens: z.int().nullish(),
  stopSequences: z.array(z.string()).nullish(),
  responseMimeType: z.string().nullish(),
  responseSchema: z.record(z.string(), z.unknown()).nullish(),
  responseJsonSchema: z.record(z.string(), z.unknown()).nullish(),
  thinkingConfig: named({
    thinkingBudget: z.int().nullish(),
    thinkingLevel: z.string().nullish(),
  }).nullish(),
});

export const request = named({
  contents: z.union([z.array(z.unknown()), content]).nullish(),
  systemInstruction: z.union([z.string(), instruction]).nullish(),
  tools: z.array(tool).nullish(),
  toolConfig: named({
    functionCallingConfig: named({
      mode: z.string().nullish(),
      allowedFunctionNames: z.array(z.string()).nullish(),
    }).nullish(),
  }).nullish(),
  generationConfig: generationConfig.nullish(),
});
