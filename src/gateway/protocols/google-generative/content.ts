import { toolCallIdOf } from '../../../providers/translation/tool-call-ids.ts';
import { isObject } from '../../../shared/json.ts';
import { dataFile } from '../decoded-files.ts';
import {
  toolOutput,
  type AssistantPart,
  type Decoding,
  type MessageList,
  type OutputPart,
  type UserPart,
} from '../decoding.ts';
import { optionsFrom } from '../signatures.ts';
import type { Content, Instruction, Part } from './request.ts';

type Called = NonNullable<Part['functionResponse']>;

/** Google's clients may leave ids out. Then a result belongs to the first open call of its name. */
export class CallIds {
  /** The ids of open calls by the names of their functions, in order. */
  readonly #open = new Map<string, Set<string>>();
  #count = 0;

  call(name: string, id: string | null | undefined): string {
    const known = id ? toolCallIdOf(id) : `call_${this.#count++}`;
    const open = this.#open.get(name) ?? new Set();
    this.#open.set(name, open.add(known));
    return known;
  }

  result(name: string, id: string | null | undefined): string {
    const open = this.#open.get(name);
    const known = id ? toolCallIdOf(id) : (open?.values().next().value ?? `call_${this.#count++}`);
    open?.delete(known);
    return known;
  }
}

const signatureField = 'contents.parts.thoughtSignature';

export function addContent(
  { role, parts }: Content,
  list: MessageList,
  ids: CallIds,
  decoding: Decoding,
): void {
  if (role === 'model') {
    list.assistant(...(parts ?? []).flatMap((part) => modelPart(part, ids, decoding)));
    return;
  }
  for (const { functionResponse: found } of parts ?? []) {
    if (!found) continue;
    const { name: toolName, id } = found;
    list.result({
      type: 'tool-result',
      toolCallId: ids.result(toolName, id),
      toolName,
      output: outputOf(found),
    });
  }
  list.user((parts ?? []).flatMap((part) => (part.functionResponse ? [] : plainPart(part, decoding))));
}

export function textOf(instruction: string | Instruction, decoding: Decoding): string {
  if (typeof instruction === 'string') return instruction;
  const parts = (instruction.parts ?? []).flatMap((part) => plainPart(part, decoding));
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

function modelPart(part: Part, ids: CallIds, decoding: Decoding): AssistantPart[] {
  const { text, thought, thoughtSignature, functionCall: call } = part;
  const signature = thoughtSignature ?? undefined;
  const options =
    signature === undefined ? {} : { providerOptions: optionsFrom(signature, signatureField, decoding) };
  if (call) {
    const { name: toolName, args } = call;
    return [
      { type: 'tool-call', toolCallId: ids.call(toolName, call.id), toolName, input: args ?? {}, ...options },
    ];
  }
  if (thought === true) {
    if (text === undefined && signature === undefined) return [];
    return [
      {
        type: 'reasoning',
        text: text ?? '',
        providerOptions: optionsFrom(signature, signatureField, decoding),
      },
    ];
  }
  if (typeof text === 'string')
    return text === '' && signature === undefined ? [] : [{ type: 'text', text, ...options }];
  if (isObject(part.executableCode) || isObject(part.codeExecutionResult)) {
    decoding.lose('serverToolCall', 'codeExecution');
    return [];
  }
  return plainPart(part, decoding);
}

/** What a user's message may have. */
function plainPart(part: Part, decoding: Decoding): Extract<UserPart, { type: 'text' | 'file' }>[] {
  const { text, inlineData: data, fileData } = part;
  if (typeof text === 'string') return [{ type: 'text', text }];
  if (data) return [dataFile(data.mimeType, data.data, data.displayName ?? undefined)];
  if (fileData) decoding.refuse('fileData.fileUri', 'The file is at another provider. Send its contents.');
  else decoding.lose('unknownPart', Object.keys(part)[0] ?? '');
  return [];
}

/**
 * A result is an object, by convention with `output` or `error` (Google's API reference, 'FunctionResponse'). The AI SDK
 * adds the name of the function.
 */
function outputOf({ name, response, parts }: Called): ReturnType<typeof toolOutput> {
  const { name: said, ...others } = isObject(response) ? response : { output: response };
  const isNamed = said === name && Object.keys(others).length > 0;
  const members = said === undefined || isNamed ? others : { name: said, ...others };
  const isError = Object.hasOwn(members, 'error') && !Object.hasOwn(members, 'output');
  const files = (parts ?? []).flatMap(({ inlineData: data }): OutputPart[] =>
    data ? [dataFile(data.mimeType, data.data, data.displayName ?? undefined)] : [],
  );
  return toolOutput([{ type: 'text', text: resultText(members) }, ...files], isError);
}

function resultText(members: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(members);
  const [only = ''] = names;
  const value =
    names.length === 1 && /^(?:output|result|content|error)$/.test(only) ? members[only] : members;
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
