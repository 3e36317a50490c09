import type * as z from 'zod';
import type { Prompt } from '../../../guard/call.ts';
import { isObject } from '../../../shared/json.ts';
import { Decoding, defined, MessageList } from '../decoding.ts';
import { DecodedTools } from '../decoded-tools.ts';
import type { Protocol } from '../protocol.ts';
import { effortOf } from '../reasoning-effort.ts';
import { addContent, CallIds, textOf } from './content.ts';
import { content, request } from './request.ts';
import { jsonSchemaOf } from './json-schema.ts';

type Request = z.infer<typeof request>;

/** A request of Google's `generateContent` as a translated prompt. */
export const decodeGenerate: Protocol['decode'] = function* (body) {
  const decoding = new Decoding('google-generative');
  const read = decoding.read(request, body, '');
  if (read === undefined) return decoding.result({ prompt: [] });
  const { contents, systemInstruction, generationConfig: config } = read;
  const list = new MessageList();
  if (systemInstruction) list.system(textOf(systemInstruction, decoding));
  const ids = new CallIds();
  if (Array.isArray(contents))
    yield* decoding.items(content, contents, 'contents', (each) => {
      addContent(each, list, ids, decoding);
    });
  else if (contents) addContent(contents, list, ids, decoding);
  const { temperature, topP, topK, seed, presencePenalty, frequencyPenalty, stopSequences } = config ?? {};
  const { maxOutputTokens: limit, thinkingConfig: thinking } = config ?? {};
  return decoding.result({
    prompt: list.messages,
    ...defined({ temperature, topP, topK, seed, presencePenalty, frequencyPenalty, stopSequences }),
    ...defined({ maxOutputTokens: typeof limit === 'number' && limit > 0 ? limit : undefined }),
    ...decodedTools(read, decoding),
    ...answerForm(config, decoding),
    ...thinkingOf(thinking, decoding),
  });
};

function decodedTools(
  { tools, toolConfig }: Request,
  decoding: Decoding,
): Pick<Prompt, 'tools' | 'toolChoice'> {
  const decoded = new DecodedTools(decoding);
  for (const { functionDeclarations, ...others } of tools ?? []) {
    for (const { name, description, parameters, parametersJsonSchema } of functionDeclarations ?? []) {
      decoded.function({ name, description, schema: parametersJsonSchema ?? jsonSchemaOf(parameters) });
    }
    for (const type of Object.keys(others)) decoded.provider(type);
  }
  const { mode, allowedFunctionNames: allowed } = toolConfig?.functionCallingConfig ?? {};
  if (allowed && allowed.length > 0) decoded.keepOnly(new Set(allowed));
  switch (mode?.toUpperCase()) {
    case 'ANY':
      return { ...decoded.inPrompt, ...decoded.choice({ type: 'required' }) };
    case 'NONE':
      return { ...decoded.inPrompt, ...decoded.choice({ type: 'none' }) };
    case undefined:
    case 'AUTO':
    case 'MODE_UNSPECIFIED':
      return decoded.inPrompt;
    default:
      decoding.drop('toolConfig.functionCallingConfig.mode');
      return decoded.inPrompt;
  }
}

function answerForm(config: Request['generationConfig'], decoding: Decoding): Pick<Prompt, 'responseFormat'> {
  const { responseMimeType: type, responseSchema, responseJsonSchema } = config ?? {};
  if (type !== 'application/json') {
    if (type && type !== 'text/plain') decoding.drop('generationConfig.responseMimeType');
    return {};
  }
  const schema = responseJsonSchema ?? jsonSchemaOf(responseSchema);
  return { responseFormat: { type: 'json', ...(isObject(schema) ? { schema } : {}) } };
}

/** -1 leaves it to the model. */
function thinkingOf(
  thinking: NonNullable<Request['generationConfig']>['thinkingConfig'],
  decoding: Decoding,
): Pick<Prompt, 'reasoning' | 'controls'> {
  const { thinkingBudget: budget, thinkingLevel } = thinking ?? {};
  const level = thinkingLevel?.toUpperCase() === 'THINKING_LEVEL_UNSPECIFIED' ? undefined : thinkingLevel;
  const reasoning = budget === 0 ? 'none' : effortOf(level, 'thinkingConfig.thinkingLevel', decoding);
  return {
    ...defined({ reasoning }),
    ...(typeof budget === 'number' && budget > 0 ? { controls: { thinkingTokens: budget } } : {}),
  };
}
