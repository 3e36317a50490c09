import type * as z from 'zod';
import type { Prompt } from '../../../guard/call.ts';
import { cacheMark, Decoding, defined, MessageList } from '../decoding.ts';
import { DecodedTools } from '../decoded-tools.ts';
import type { Protocol } from '../protocol.ts';
import { effortOf, verbosityOf } from '../reasoning-effort.ts';
import { addMessage } from './content.ts';
import { message, request, type NamedTool } from './request.ts';

type Request = z.infer<typeof request>;

/** A request of OpenAI's chat completions as a translated prompt. */
export const decodeChat: Protocol['decode'] = function* (body) {
  const decoding = new Decoding('openai-chat');
  const read = decoding.read(request, body, '');
  if (read === undefined) return decoding.result({ prompt: [] });
  const list = new MessageList();
  yield* decoding.items(message, read.messages, 'messages', (each) => {
    addMessage(each, list, decoding);
  });
  const { temperature, top_p: topP, top_k: topK, seed, stop } = read;
  const { presence_penalty: presencePenalty, frequency_penalty: frequencyPenalty } = read;
  return decoding.result(
    {
      prompt: list.messages,
      ...defined({ temperature, topP, topK, seed, presencePenalty, frequencyPenalty }),
      ...defined({ maxOutputTokens: outputLimit(read) }),
      ...defined({ stopSequences: typeof stop === 'string' ? [stop] : stop }),
      ...decodedTools(read, decoding),
      ...answerForm(read.response_format),
      ...wishes(read, decoding),
    },
    read.stream_options?.include_usage === true,
  );
};

/** The lowest of the limits; a limit of 0 or -1 means none. */
function outputLimit(read: Request): number | undefined {
  const limits = [read.max_tokens, read.max_completion_tokens, read.max_output_tokens].filter(
    (limit) => typeof limit === 'number' && limit > 0,
  );
  return limits.length === 0 ? undefined : Math.min(...(limits as number[]));
}

function decodedTools(
  { tools, tool_choice: choice }: Request,
  decoding: Decoding,
): Pick<Prompt, 'tools' | 'toolChoice'> {
  const decoded = new DecodedTools(decoding);
  for (const each of tools ?? []) {
    const { type, function: tool, custom } = each;
    if (tool) {
      const { name, description, parameters: schema, strict } = tool;
      decoded.function({ name, description, schema, strict, options: cacheMark(each) });
    } else if (custom) decoded.custom(custom.name, custom.description ?? undefined, custom.format);
    else decoded.provider(type);
  }
  if (choice === undefined || choice === null) return decoded.inPrompt;
  if (typeof choice === 'string') {
    return { ...decoded.inPrompt, ...decoded.choice({ type: choice === 'any' ? 'required' : choice }) };
  }
  if (choice.allowed_tools) {
    decoded.keepOnly(new Set(choice.allowed_tools.tools.map(nameOf)));
    return { ...decoded.inPrompt, ...decoded.choice({ type: choice.allowed_tools.mode }) };
  }
  return { ...decoded.inPrompt, ...decoded.choice({ type: 'tool', toolName: nameOf(choice) }) };
}

function nameOf({ type, function: tool, custom }: NamedTool): string {
  return tool?.name ?? custom?.name ?? type ?? '';
}

function answerForm(format: Request['response_format']): Pick<Prompt, 'responseFormat'> {
  if (format === undefined || format === null || format.type === 'text') return {};
  const { schema, name, description } = format.json_schema ?? {};
  return {
    responseFormat: { type: 'json', ...(schema ? { schema } : {}), ...defined({ name, description }) },
  };
}

function wishes(read: Request, decoding: Decoding): Pick<Prompt, 'reasoning' | 'controls'> {
  const { reasoning, reasoning_effort: effort, parallel_tool_calls: parallelToolCalls } = read;
  const level = effortOf(effort ?? reasoning?.effort, 'reasoning_effort', decoding);
  const switched = reasoning?.enabled === false ? 'none' : undefined;
  const controls = defined({
    thinkingTokens: reasoning?.max_tokens,
    // More than one call at a time is the rule.
    parallelToolCalls: parallelToolCalls === false ? false : undefined,
    strictSchema: read.response_format?.json_schema?.strict,
    verbosity: verbosityOf(read.verbosity, 'verbosity', decoding),
  });
  return {
    ...defined({ reasoning: switched ?? level }),
    ...(Object.keys(controls).length === 0 ? {} : { controls }),
  };
}
