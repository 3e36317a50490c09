import { toolCallIdOf } from '../../../providers/translation/tool-call-ids.ts';
import { dataFile, urlFile } from '../decoded-files.ts';
import { toolInput, toolOutput, type Decoding, type MessageList, type OutputPart } from '../decoding.ts';
import type { DecodedTools } from '../decoded-tools.ts';
import { optionsFrom } from '../signatures.ts';
import {
  audioPart,
  callOutput,
  customCall,
  filePart,
  functionCall,
  imagePart,
  message,
  reasoning,
  refusalPart,
  textPart,
  toolList,
  type Item,
  type Part,
} from './request.ts';
import { addTools, promptName } from './tools.ts';

type PlainPart = Exclude<OutputPart, { type: 'custom' }>;

export function addItem(item: Item, list: MessageList, tools: DecodedTools, decoding: Decoding): void {
  switch (item.type) {
    case 'message':
    case undefined:
    case null:
      addMessage(item, list, decoding);
      return;
    case 'reasoning':
      addReasoning(item, list, decoding);
      return;
    case 'function_call': {
      const call = decoding.read(functionCall, item, item.type);
      if (call === undefined) return;
      const { call_id: id, name, namespace } = call;
      addCall(id, promptName(name, namespace, decoding), toolInput(call.arguments), list, decoding);
      return;
    }
    case 'custom_tool_call': {
      const call = decoding.read(customCall, item, item.type);
      if (call !== undefined) addCall(call.call_id, call.name, { input: call.input }, list, decoding);
      return;
    }
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const found = decoding.read(callOutput, item, item.type);
      if (found === undefined) return;
      const { call_id: id, output } = found;
      list.result({
        type: 'tool-result',
        toolCallId: toolCallIdOf(id),
        toolName: decoding.toolNames.get(id) ?? 'tool',
        output: toolOutput(plainParts(output, decoding), false),
      });
      return;
    }
    case 'additional_tools':
      addTools(decoding.read(toolList, item, item.type)?.tools ?? [], tools, decoding);
      return;
    case 'item_reference':
    case 'compaction':
      decoding.refuse(
        `input.${item.type}`,
        'What it stands for is at another provider. Send the whole conversation.',
      );
      return;
    default: {
      const isCall = /_call$|_call_output$|^mcp_|^tool_search/.test(item.type);
      decoding.lose(isCall ? 'serverToolCall' : 'unknownPart', item.type);
    }
  }
}

function addCall(id: string, toolName: string, input: unknown, list: MessageList, decoding: Decoding): void {
  decoding.toolNames.set(id, toolName);
  list.assistant({ type: 'tool-call', toolCallId: toolCallIdOf(id), toolName, input });
}

function addMessage(item: Item, list: MessageList, decoding: Decoding): void {
  const found = decoding.read(message, item, 'message');
  if (found === undefined) return;
  const parts = plainParts(found.content, decoding);
  if (found.role === 'user') list.user(parts);
  else if (found.role === 'assistant') list.assistant(...parts);
  else {
    const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    if (texts.length < parts.length) decoding.lose('unknownPart', 'file in a system message');
    list.system(texts.join('\n'));
  }
}

/** The text is a summary, or with open models the whole thought. */
function addReasoning(item: Item, list: MessageList, decoding: Decoding): void {
  const found = decoding.read(reasoning, item, 'reasoning');
  if (found === undefined) return;
  const { summary, content, encrypted_content: signature } = found;
  const texts = [...(content ?? []), ...(summary ?? [])].map(({ text }) => text ?? '');
  const first = texts.filter((text) => text !== '').join('\n\n');
  list.assistant({
    type: 'reasoning',
    text: first,
    providerOptions: optionsFrom(signature ?? undefined, 'reasoning.encrypted_content', decoding),
  });
}

function plainParts(content: string | readonly Part[], decoding: Decoding): PlainPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content.map((each) => plainPart(each, decoding)).filter((each) => each !== undefined);
}

function plainPart(each: Part, decoding: Decoding): PlainPart | undefined {
  switch (each.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'summary_text':
      return text(decoding.read(textPart, each, each.type)?.text);
    case 'refusal':
      return text(decoding.read(refusalPart, each, each.type)?.refusal);
    case 'input_image': {
      const url = decoding.read(imagePart, each, each.type)?.image_url;
      if (typeof url === 'string') return fileAt(url, 'image/*', 'input_image.image_url', decoding);
      decoding.refuse('input_image.file_id', 'The file is at another provider. Send its contents.');
      return undefined;
    }
    case 'input_file':
      return attachedFile(each, decoding);
    case 'input_audio': {
      const audio = decoding.read(audioPart, each, each.type)?.input_audio;
      if (audio === undefined) return undefined;
      return dataFile(audio.format === 'mp3' ? 'audio/mpeg' : `audio/${audio.format}`, audio.data);
    }
    default:
      decoding.lose('unknownPart', each.type);
      return undefined;
  }
}

function text(value: string | undefined): PlainPart | undefined {
  return value === undefined ? undefined : { type: 'text', text: value };
}

function fileAt(
  url: string,
  mediaType: string,
  field: string,
  decoding: Decoding,
  filename?: string,
): PlainPart | undefined {
  const file = urlFile(url, mediaType, filename);
  if (file === undefined) decoding.refuse(field, 'Use a web address or a data URL.');
  return file;
}

function attachedFile(each: Part, decoding: Decoding): PlainPart | undefined {
  const file = decoding.read(filePart, each, each.type);
  if (file === undefined) return undefined;
  const { file_data: data, file_url: url } = file;
  const filename = file.filename ?? undefined;
  if (typeof data === 'string') {
    return urlFile(data, 'application/pdf', filename) ?? dataFile('application/pdf', data, filename);
  }
  if (typeof url === 'string')
    return fileAt(url, 'application/pdf', 'input_file.file_url', decoding, filename);
  decoding.refuse('input_file.file_id', 'The file is at another provider. Send its contents.');
  return undefined;
}
