import type * as z from 'zod';
import type { Prompt } from '../../../guard/call.ts';
import { cacheMark, Decoding, defined, MessageList } from '../decoding.ts';
import { DecodedTools } from '../decoded-tools.ts';
import type { Protocol } from '../protocol.ts';
import { effortOf } from '../reasoning-effort.ts';
import { assistantParts, plainParts, toolResult } from './content.ts';
import { message, request, type Block } from './request.ts';

type Request = z.infer<typeof request>;

/** A request of Anthropic's Messages API as a translated prompt. */
export const decodeMessages: Protocol['decode'] = function* (body) {
  const decoding = new Decoding('anthropic-messages');
  const read = decoding.read(request, body, '');
  if (read === undefined) return decoding.result({ prompt: [] });
  const { system, max_tokens: limit, output_config: output, tools, tool_choice: choice } = read;
  const { temperature, top_p: topP, top_k: topK, stop_sequences: stopSequences } = read;
  const list = new MessageList();
  addSystem(system ?? '', list, decoding);
  yield* decoding.items(message, read.messages, 'messages', ({ role, content }) => {
    if (role === 'system') addSystem(content, list, decoding);
    else if (role === 'assistant') list.assistant(...assistantParts(content, decoding));
    else addUser(content, list, decoding);
  });
  const schema = (output?.format ?? read.output_format)?.schema;
  return decoding.result({
    prompt: list.messages,
    ...defined({ maxOutputTokens: limit, temperature, topP, topK, stopSequences }),
    ...decodedTools(tools, choice, decoding),
    ...(schema === undefined ? {} : { responseFormat: { type: 'json' as const, schema } }),
    ...thinkingOf(read.thinking, output?.effort, choice, decoding),
    ...cacheMark(read),
  });
};

/** Claude Code's first text changes with every request, and only its own provider reads it. */
const billing = /^x-anthropic-billing-header:/;

function addSystem(content: string | readonly Block[], list: MessageList, decoding: Decoding): void {
  if (typeof content === 'string') {
    list.system(content);
    return;
  }
  for (const each of content) {
    const [part] = plainParts([each], decoding);
    if (part?.type !== 'text') continue;
    if (billing.test(part.text)) decoding.drop('system (billing header)');
    else list.system(part.text, cacheMark(each));
  }
}

/** Results of tools stand before the rest of the message. */
function addUser(content: string | readonly Block[], list: MessageList, decoding: Decoding): void {
  const blocks = typeof content === 'string' ? [] : content;
  for (const each of blocks) {
    const result = each.type === 'tool_result' ? toolResult(each, decoding) : undefined;
    if (result !== undefined) list.result(result);
  }
  const others = typeof content === 'string' ? content : content.filter(({ type }) => type !== 'tool_result');
  list.user(plainParts(others, decoding));
}

function decodedTools(
  tools: Request['tools'],
  choice: Request['tool_choice'],
  decoding: Decoding,
): Pick<Prompt, 'tools' | 'toolChoice'> {
  const decoded = new DecodedTools(decoding);
  for (const each of tools ?? []) {
    const { type, name, description, input_schema: schema, strict } = each;
    if (typeof type === 'string' && type !== 'custom') decoded.provider(type, name ?? undefined);
    else if (typeof name !== 'string') decoding.refuse('tools.name', 'A tool needs a name.');
    else decoded.function({ name, description, schema, strict, options: cacheMark(each) });
  }
  if (choice === undefined || choice === null) return decoded.inPrompt;
  const { type, name } = choice;
  if (type === 'tool') return { ...decoded.inPrompt, ...decoded.choice({ type, toolName: name ?? '' }) };
  return { ...decoded.inPrompt, ...decoded.choice({ type: type === 'any' ? 'required' : type }) };
}

function thinkingOf(
  thinking: Request['thinking'],
  asked: string | null | undefined,
  choice: Request['tool_choice'],
  decoding: Decoding,
): Pick<Prompt, 'reasoning' | 'controls'> {
  const effort = effortOf(asked, 'output_config.effort', decoding);
  const isOff = thinking?.type === 'disabled';
  const budget = thinking?.type === 'enabled' ? thinking.budget_tokens : undefined;
  // Without an effort the model decides, in Anthropic's words 'high'.
  const level = isOff ? 'none' : (effort ?? (thinking?.type === 'adaptive' ? 'high' : undefined));
  const parallelToolCalls = choice?.disable_parallel_tool_use === true ? false : undefined;
  const controls = defined({ thinkingTokens: isOff ? undefined : budget, parallelToolCalls });
  return {
    ...(level === undefined ? {} : { reasoning: level }),
    ...(Object.keys(controls).length === 0 ? {} : { controls }),
  };
}
