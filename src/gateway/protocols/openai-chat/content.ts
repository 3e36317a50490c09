import { markedAs } from '../../../providers/translation/made-by.ts';
import { toolCallIdOf } from '../../../providers/translation/tool-call-ids.ts';
import { dataFile, urlFile } from '../decoded-files.ts';
import {
  cacheMark,
  toolInput,
  type AssistantPart,
  type Decoding,
  type MessageList,
  type OutputPart,
} from '../decoding.ts';
import { toolOutput } from '../decoding.ts';
import { optionsFrom } from '../signatures.ts';
import {
  audioPart,
  filePart,
  imagePart,
  refusalPart,
  textPart,
  videoPart,
  type Message,
  type Part,
  type ToolCall,
} from './request.ts';

type PlainPart = Exclude<OutputPart, { type: 'custom' }>;

export function addMessage(message: Message, list: MessageList, decoding: Decoding): void {
  const { role, content } = message;
  switch (role) {
    case 'system':
    case 'developer':
      addSystem(message, list, decoding);
      return;
    case 'user':
      list.user(marked(plainParts(content, decoding), message));
      return;
    case 'assistant':
      list.assistant(...marked(assistantParts(message, decoding), message));
      return;
    case 'function':
      decoding.refuse('messages.role', "Send a tool's result in a message with the role 'tool'.");
      return;
    case 'tool': {
      const id = message.tool_call_id ?? '';
      list.result({
        type: 'tool-result',
        toolCallId: toolCallIdOf(id),
        toolName: decoding.toolNames.get(id) ?? 'tool',
        output: toolOutput(plainParts(content, decoding), false),
        ...cacheMark(message),
      });
    }
  }
}

/** Each part stays a message of its own, because each may have a mark for the cache. */
function addSystem(message: Message, list: MessageList, decoding: Decoding): void {
  for (const part of marked(plainParts(message.content, decoding), message)) {
    if (part.type === 'text') {
      list.system(
        part.text,
        part.providerOptions === undefined ? {} : { providerOptions: part.providerOptions },
      );
    } else decoding.lose('unknownPart', 'file in a system message');
  }
}

/** Some clients mark the message instead of its last part. */
function marked<T extends object>(parts: T[], message: Message): T[] {
  const last = parts.at(-1);
  const mark = cacheMark(message);
  return last === undefined ? parts : [...parts.slice(0, -1), { ...mark, ...last }];
}

function plainParts(content: Message['content'], decoding: Decoding): PlainPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return (content ?? []).flatMap((each) => {
    const found = plainPart(each, decoding);
    return found === undefined ? [] : [{ ...found, ...cacheMark(each) }];
  });
}

function plainPart(each: Part, decoding: Decoding): PlainPart | undefined {
  switch (each.type) {
    case 'text':
      return text(decoding.read(textPart, each, each.type)?.text);
    case 'refusal':
      return text(decoding.read(refusalPart, each, each.type)?.refusal);
    case 'image_url': {
      const image = decoding.read(imagePart, each, each.type)?.image_url;
      return image === undefined
        ? undefined
        : fileAt(typeof image === 'string' ? image : image.url, 'image', decoding);
    }
    case 'video_url': {
      const video = decoding.read(videoPart, each, each.type)?.video_url;
      return video === undefined ? undefined : fileAt(video.url, 'video', decoding);
    }
    case 'input_audio': {
      const audio = decoding.read(audioPart, each, each.type)?.input_audio;
      if (audio === undefined) return undefined;
      return dataFile(audio.format === 'mp3' ? 'audio/mpeg' : `audio/${audio.format}`, audio.data);
    }
    case 'file':
      return attachedFile(each, decoding);
    default:
      decoding.lose('unknownPart', each.type);
      return undefined;
  }
}

function text(value: string | undefined): PlainPart | undefined {
  return value === undefined ? undefined : { type: 'text', text: value };
}

function fileAt(url: string, kind: 'image' | 'video', decoding: Decoding): PlainPart | undefined {
  const file = urlFile(url, `${kind}/*`);
  if (file === undefined) decoding.refuse(`${kind}_url`, 'Use a web address or a data URL.');
  return file;
}

function attachedFile(each: Part, decoding: Decoding): PlainPart | undefined {
  const file = decoding.read(filePart, each, each.type)?.file;
  if (file === undefined) return undefined;
  const { file_data: data, filename } = file;
  if (data === undefined || data === null) {
    decoding.refuse('file.file_id', 'The file is at another provider. Send its contents.');
    return undefined;
  }
  const found = urlFile(data, 'application/pdf', filename ?? undefined);
  return found ?? dataFile('application/pdf', data, filename ?? undefined);
}

function assistantParts(message: Message, decoding: Decoding): AssistantPart[] {
  const { content, refusal, reasoning_content: thought, reasoning, tool_calls: calls } = message;
  const thinking = thought ?? reasoning ?? '';
  return [
    ...(thinking === ''
      ? []
      : [{ type: 'reasoning' as const, text: thinking, providerOptions: markedAs(undefined) }]),
    ...plainParts(content, decoding),
    ...(typeof refusal === 'string' && refusal !== '' ? [{ type: 'text' as const, text: refusal }] : []),
    ...(calls ?? []).flatMap((call) => toolCallPart(call, decoding)),
  ];
}

function toolCallPart(call: ToolCall, decoding: Decoding): AssistantPart[] {
  const { id, function: called, custom } = call;
  const toolName = called?.name ?? custom?.name;
  if (toolName === undefined) {
    decoding.lose('unknownPart', 'tool_calls');
    return [];
  }
  decoding.toolNames.set(id, toolName);
  const signature = call.extra_content?.google?.thought_signature;
  return [
    {
      type: 'tool-call',
      toolCallId: toolCallIdOf(id),
      toolName,
      input: custom ? { input: custom.input } : toolInput(called?.arguments ?? ''),
      ...(typeof signature === 'string'
        ? { providerOptions: optionsFrom(signature, 'messages.tool_calls.extra_content', decoding) }
        : {}),
    },
  ];
}
