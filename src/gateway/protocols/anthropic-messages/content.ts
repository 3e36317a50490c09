import type { LanguageModelV4ReasoningPart, LanguageModelV4ToolResultPart } from '@ai-sdk/provider';
import { toolCallIdOf } from '../../../providers/translation/tool-call-ids.ts';
import { dataFile, urlFile } from '../decoded-files.ts';
import { cacheMark, toolOutput, type AssistantPart, type Decoding, type OutputPart } from '../decoding.ts';
import { optionsFrom } from '../signatures.ts';
import {
  fileBlock,
  redactedBlock,
  searchResultBlock,
  textBlock,
  thinkingBlock,
  toolReferenceBlock,
  toolResultBlock,
  toolUseBlock,
  type Block,
} from './request.ts';

type Blocks = string | readonly Block[];
/** A text or a file, which a user's message and a tool's result may both have. */
type PlainPart = Exclude<OutputPart, { type: 'custom' }>;

/** The texts and files of a message or of a tool's result. */
export function plainParts(content: Blocks, decoding: Decoding): PlainPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.flatMap((each) => plainPart(each, decoding));
}

function plainPart(each: Block, decoding: Decoding): PlainPart[] {
  switch (each.type) {
    case 'text': {
      const text = decoding.read(textBlock, each, 'text')?.text ?? '';
      return [{ type: 'text', text, ...cacheMark(each) }];
    }
    case 'image':
    case 'document':
      return fileParts(each, decoding);
    case 'search_result': {
      const found = decoding.read(searchResultBlock, each, each.type);
      if (found === undefined) return [];
      const text = [found.title, found.source, ...found.content.map((part) => part.text)].join('\n');
      return [{ type: 'text', text, ...cacheMark(each) }];
    }
    // A client's own search for tools. All tools are in the request, so that it only has to be said.
    case 'tool_reference':
      return [{ type: 'text', text: `The tool ${referredTool(each, decoding)} is available.` }];
    default:
      decoding.lose('unknownPart', each.type);
      return [];
  }
}

function referredTool(each: Block, decoding: Decoding): string {
  return decoding.read(toolReferenceBlock, each, each.type)?.tool_name ?? '';
}

function fileParts(each: Block, decoding: Decoding): PlainPart[] {
  const found = decoding.read(fileBlock, each, each.type);
  if (found === undefined) return [];
  const { source, title, context } = found;
  const words = [title, context].filter((word) => typeof word === 'string');
  const said = typeof context === 'string' ? [{ type: 'text' as const, text: context }] : [];
  const filename = each.type === 'document' && typeof title === 'string' ? title : undefined;
  switch (source.type) {
    case 'base64':
      return [...said, { ...dataFile(source.media_type, source.data, filename), ...cacheMark(each) }];
    case 'url': {
      const file = urlFile(source.url, each.type === 'image' ? 'image/*' : 'application/pdf', filename);
      if (file === undefined) decoding.refuse(`${each.type}.source.url`, 'It is not a web address.');
      return file === undefined ? [] : [...said, { ...file, ...cacheMark(each) }];
    }
    case 'text':
      return [{ type: 'text', text: [...words, source.data].join('\n'), ...cacheMark(each) }];
    case 'content':
      return [
        ...words.map((text) => ({ type: 'text' as const, text })),
        ...plainParts(source.content, decoding),
      ];
    case 'file':
      decoding.refuse(`${each.type}.source.file_id`, 'The file is at another provider. Send its contents.');
      return [];
  }
}

export function toolResult(each: Block, decoding: Decoding): LanguageModelV4ToolResultPart | undefined {
  const found = decoding.read(toolResultBlock, each, each.type);
  if (found === undefined) return undefined;
  const { tool_use_id: id, content, is_error: isError } = found;
  return {
    type: 'tool-result',
    toolCallId: toolCallIdOf(id),
    toolName: decoding.toolNames.get(id) ?? 'tool',
    output: toolOutput(plainParts(content ?? '', decoding), isError === true),
    ...cacheMark(each),
  };
}

export function assistantParts(content: Blocks, decoding: Decoding): AssistantPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content.flatMap((each) => assistantPart(each, decoding));
}

function assistantPart(each: Block, decoding: Decoding): AssistantPart[] {
  switch (each.type) {
    case 'thinking': {
      const found = decoding.read(thinkingBlock, each, each.type);
      return found === undefined
        ? []
        : [reasoning(found.thinking, found.signature ?? undefined, 'thinking.signature', decoding)];
    }
    case 'redacted_thinking': {
      const found = decoding.read(redactedBlock, each, each.type);
      return found === undefined ? [] : [reasoning('', found.data, 'redacted_thinking.data', decoding)];
    }
    case 'tool_use': {
      const found = decoding.read(toolUseBlock, each, each.type);
      if (found === undefined) return [];
      decoding.toolNames.set(found.id, found.name);
      const { id, name: toolName, input } = found;
      return [
        { type: 'tool-call', toolCallId: toolCallIdOf(id), toolName, input: input ?? {}, ...cacheMark(each) },
      ];
    }
    case 'text':
    case 'image':
    case 'document':
      return plainPart(each, decoding);
    default: {
      const isServers = each.type === 'server_tool_use' || each.type.endsWith('_tool_result');
      decoding.lose(isServers ? 'serverToolCall' : 'unknownPart', each.type);
      return [];
    }
  }
}

function reasoning(
  text: string,
  signature: string | undefined,
  field: string,
  decoding: Decoding,
): LanguageModelV4ReasoningPart {
  return { type: 'reasoning', text, providerOptions: optionsFrom(signature, field, decoding) };
}
