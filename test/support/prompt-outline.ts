import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import type { Prompt } from '../../src/guard/call.ts';
import { toolCallIdOf } from '../../src/providers/translation/tool-call-ids.ts';

/** What a prompt says, part by part, so that prompts from different protocols can be compared. */
export function outlineOf({ prompt, ...options }: Prompt) {
  const { tools, toolChoice, responseFormat, stopSequences, maxOutputTokens } = options;
  const { temperature, topP, reasoning, controls } = options;
  const others = {
    tools: tools?.map((tool) =>
      tool.type === 'function' ? [tool.name, tool.description ?? '', tool.inputSchema] : tool,
    ),
    toolChoice,
    schema: responseFormat?.type === 'json' ? responseFormat.schema : undefined,
    parallel: controls?.parallelToolCalls,
    thinkingTokens: controls?.thinkingTokens,
    ...{ stopSequences, maxOutputTokens, temperature, topP, reasoning },
  };
  return {
    parts: prompt.flatMap(partsOf),
    options: Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
  };
}

function partsOf(message: LanguageModelV4Message): unknown[] {
  if (message.role === 'system') return [['system', message.content]];
  return message.content.flatMap((part): unknown[] => {
    switch (part.type) {
      case 'text':
        return part.text === '' ? [] : [[message.role, part.text, ...marksOf(part)]];
      case 'reasoning':
        return [[message.role, 'thought', part.text]];
      case 'file':
        return [[message.role, ...fileOf(part)]];
      case 'tool-call':
        return [['call', toolCallIdOf(part.toolCallId), part.toolName, part.input]];
      case 'tool-result':
        return [['result', toolCallIdOf(part.toolCallId), ...outputOf(part.output)]];
      default:
        return [part];
    }
  });
}

function marksOf({ providerOptions }: { readonly providerOptions?: Prompt['providerOptions'] }): string[] {
  return providerOptions?.['anthropic']?.['cacheControl'] === undefined ? [] : ['cached'];
}

function fileOf({ mediaType, data }: Pick<LanguageModelV4FilePart, 'mediaType' | 'data'>): unknown[] {
  if (data.type === 'url') return ['file', String(data.url)];
  if (data.type !== 'data') return ['file', mediaType, data];
  const { data: bytes } = data;
  return ['file', mediaType, typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64')];
}

function outputOf(output: LanguageModelV4ToolResultPart['output']): unknown[] {
  switch (output.type) {
    case 'text':
      return output.value === '' ? [] : [output.value];
    case 'error-text':
      return ['error', output.value];
    case 'content':
      return output.value.map((part) =>
        part.type === 'text' ? part.text : part.type === 'file' ? fileOf(part) : part,
      );
    default:
      return [output];
  }
}

/** A value as a text that does not depend on the order of members. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
