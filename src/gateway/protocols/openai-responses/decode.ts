import type * as z from 'zod';
import type { Prompt } from '../../../guard/call.ts';
import { Decoding, defined, MessageList } from '../decoding.ts';
import { DecodedTools } from '../decoded-tools.ts';
import type { Protocol } from '../protocol.ts';
import { effortOf, verbosityOf } from '../reasoning-effort.ts';
import { addItem } from './content.ts';
import { item, request } from './request.ts';
import { addTools, promptName } from './tools.ts';

type Request = z.infer<typeof request>;

/** A request of OpenAI's Responses API as a translated prompt. */
export const decodeResponses: Protocol['decode'] = function* (body) {
  const decoding = new Decoding('openai-responses');
  const read = decoding.read(request, body, '');
  if (read === undefined) return decoding.result({ prompt: [] });
  const { instructions, input, temperature, top_p: topP, max_output_tokens: limit } = read;
  const tools = new DecodedTools(decoding);
  addTools(read.tools ?? [], tools, decoding);
  const list = new MessageList();
  list.system(instructions ?? '');
  if (typeof input === 'string') list.user([{ type: 'text', text: input }]);
  else
    yield* decoding.items(item, input ?? [], 'input', (each) => {
      addItem(each, list, tools, decoding);
    });
  return decoding.result({
    prompt: list.messages,
    ...defined({
      temperature,
      topP,
      maxOutputTokens: typeof limit === 'number' && limit > 0 ? limit : undefined,
    }),
    ...chosenTools(read.tool_choice, tools, decoding),
    ...answerForm(read.text),
    ...wishes(read, decoding),
  });
};

function chosenTools(
  choice: Request['tool_choice'],
  tools: DecodedTools,
  decoding: Decoding,
): Pick<Prompt, 'tools' | 'toolChoice'> {
  if (choice === undefined || choice === null) return tools.inPrompt;
  if (typeof choice === 'string') return { ...tools.inPrompt, ...tools.choice({ type: choice }) };
  const { type, name, namespace, mode, tools: allowed } = choice;
  if (type === 'allowed_tools') {
    tools.keepOnly(new Set((allowed ?? []).map((each) => each.name ?? each.type ?? '')));
    return { ...tools.inPrompt, ...tools.choice({ type: mode ?? 'auto' }) };
  }
  const toolName = typeof name === 'string' ? promptName(name, namespace, decoding) : type;
  return { ...tools.inPrompt, ...tools.choice({ type: 'tool', toolName }) };
}

function answerForm(text: Request['text']): Pick<Prompt, 'responseFormat'> {
  const format = text?.format;
  if (format === undefined || format === null || format.type === 'text') return {};
  const { schema, name, description } = format;
  return {
    responseFormat: { type: 'json', ...(schema ? { schema } : {}), ...defined({ name, description }) },
  };
}

function wishes(read: Request, decoding: Decoding): Pick<Prompt, 'reasoning' | 'controls'> {
  const { reasoning, text, parallel_tool_calls: parallelToolCalls } = read;
  const controls = defined({
    parallelToolCalls: parallelToolCalls === false ? false : undefined,
    strictSchema: text?.format?.strict,
    verbosity: verbosityOf(text?.verbosity, 'text.verbosity', decoding),
  });
  return {
    ...defined({ reasoning: effortOf(reasoning?.effort, 'reasoning.effort', decoding) }),
    ...(Object.keys(controls).length === 0 ? {} : { controls }),
  };
}
