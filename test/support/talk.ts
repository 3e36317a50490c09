import type { ProtocolName } from '../../src/gateway/protocols/protocol.ts';

/** A conversation that says nothing about the protocol that carries it. */
export interface Talk {
  readonly turns: readonly Turn[];
  readonly tools?: readonly TalkTool[];
  readonly choice?: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly parallel?: false;
  readonly schema?: object;
  readonly stop?: readonly string[];
  readonly limit?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly effort?: 'low' | 'medium' | 'high';
}

export interface TalkTool {
  readonly name: string;
  readonly description?: string;
  readonly schema?: object;
}

export type PlainPart =
  | { readonly text: string; readonly isCached?: true }
  | { readonly image: string; readonly mediaType: string }
  | { readonly imageUrl: string }
  | { readonly pdf: string; readonly name: string };

export type AssistantPart =
  | { readonly text: string }
  | { readonly thought: string; readonly signature?: string }
  | { readonly call: string; readonly name: string; readonly input: object };

export interface TalkResult {
  readonly of: string;
  readonly name: string;
  readonly parts: readonly PlainPart[];
  readonly isError?: true;
}

export type Turn =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly parts: readonly PlainPart[] }
  | { readonly role: 'assistant'; readonly parts: readonly AssistantPart[] }
  | { readonly role: 'results'; readonly results: readonly TalkResult[] };

type Body = Readonly<Record<string, unknown>>;

const withValues = (members: Body): Body =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
const dataUrl = (mediaType: string, data: string) => `data:${mediaType};base64,${data}`;
const mark = { cache_control: { type: 'ephemeral' } };
const markOf = (part: PlainPart) => ('isCached' in part ? mark : {});

function chatPart(part: PlainPart): object {
  if ('text' in part) return { type: 'text', text: part.text, ...markOf(part) };
  if ('image' in part) return { type: 'image_url', image_url: { url: dataUrl(part.mediaType, part.image) } };
  if ('imageUrl' in part) return { type: 'image_url', image_url: { url: part.imageUrl } };
  return { type: 'file', file: { filename: part.name, file_data: dataUrl('application/pdf', part.pdf) } };
}

function chatTurn(turn: Turn): object[] {
  switch (turn.role) {
    case 'system':
      return [{ role: 'system', content: turn.text }];
    case 'user':
      return [{ role: 'user', content: turn.parts.map(chatPart) }];
    case 'results':
      return turn.results.map(({ of, parts }) => ({
        role: 'tool',
        tool_call_id: of,
        content: parts.map(chatPart),
      }));
    case 'assistant': {
      const calls = turn.parts.flatMap((part) =>
        'call' in part
          ? [
              {
                id: part.call,
                type: 'function',
                function: { name: part.name, arguments: JSON.stringify(part.input) },
              },
            ]
          : [],
      );
      const texts = turn.parts.flatMap((part) => ('text' in part ? [{ type: 'text', text: part.text }] : []));
      const thoughts = turn.parts.map((part) => ('thought' in part ? part.thought : '')).join('');
      return [
        {
          role: 'assistant',
          content: texts.length === 0 ? null : texts,
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
          ...(thoughts === '' ? {} : { reasoning_content: thoughts }),
        },
      ];
    }
  }
}

function chatBody(talk: Talk): Body {
  const { choice } = talk;
  const format = { type: 'json_schema', json_schema: { name: 'answer', schema: talk.schema, strict: true } };
  return withValues({
    messages: talk.turns.flatMap(chatTurn),
    tools: talk.tools?.map(({ name, description, schema }) => ({
      type: 'function',
      function: withValues({ name, description, parameters: schema }),
    })),
    tool_choice: typeof choice === 'object' ? { type: 'function', function: choice } : choice,
    parallel_tool_calls: talk.parallel,
    response_format: talk.schema && format,
    stop: talk.stop,
    max_completion_tokens: talk.limit,
    temperature: talk.temperature,
    top_p: talk.topP,
    reasoning_effort: talk.effort,
  });
}

function responsesPart(part: PlainPart): object {
  if ('text' in part) return { type: 'input_text', text: part.text };
  if ('image' in part) return { type: 'input_image', image_url: dataUrl(part.mediaType, part.image) };
  if ('imageUrl' in part) return { type: 'input_image', image_url: part.imageUrl };
  return { type: 'input_file', filename: part.name, file_data: dataUrl('application/pdf', part.pdf) };
}

function responsesItems(turn: Turn): object[] {
  switch (turn.role) {
    case 'system':
      return [{ role: 'developer', content: turn.text }];
    case 'user':
      return [{ role: 'user', content: turn.parts.map(responsesPart) }];
    case 'results':
      return turn.results.map(({ of, parts }) => ({
        type: 'function_call_output',
        call_id: of,
        output: parts.map(responsesPart),
      }));
    case 'assistant':
      return turn.parts.map((part) => {
        if ('text' in part)
          return { role: 'assistant', content: [{ type: 'output_text', text: part.text, annotations: [] }] };
        if ('call' in part) {
          const { call, name, input } = part;
          return { type: 'function_call', call_id: call, name, arguments: JSON.stringify(input) };
        }
        const summary = part.thought === '' ? [] : [{ type: 'summary_text', text: part.thought }];
        return { type: 'reasoning', id: 'rs_1', summary, encrypted_content: part.signature ?? null };
      });
  }
}

function responsesBody(talk: Talk): Body {
  const { choice } = talk;
  const format = { type: 'json_schema', name: 'answer', schema: talk.schema, strict: true };
  return withValues({
    input: talk.turns.flatMap(responsesItems),
    tools: talk.tools?.map(({ name, description, schema }) =>
      withValues({ type: 'function', name, description, parameters: schema }),
    ),
    tool_choice: typeof choice === 'object' ? { type: 'function', ...choice } : choice,
    parallel_tool_calls: talk.parallel,
    text: talk.schema && { format },
    max_output_tokens: talk.limit,
    temperature: talk.temperature,
    top_p: talk.topP,
    reasoning: talk.effort && { effort: talk.effort },
  });
}

function messagesPart(part: PlainPart): object {
  if ('text' in part) return { type: 'text', text: part.text, ...markOf(part) };
  if ('image' in part) {
    const { image: data, mediaType } = part;
    return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
  }
  if ('imageUrl' in part) return { type: 'image', source: { type: 'url', url: part.imageUrl } };
  const source = { type: 'base64', media_type: 'application/pdf', data: part.pdf };
  return { type: 'document', source, title: part.name };
}

function messagesTurn(turn: Turn): object {
  switch (turn.role) {
    case 'system':
      return { role: 'system', content: turn.text };
    case 'user':
      return { role: 'user', content: turn.parts.map(messagesPart) };
    case 'results':
      return {
        role: 'user',
        content: turn.results.map(({ of, parts, isError }) => ({
          type: 'tool_result',
          tool_use_id: of,
          content: parts.map(messagesPart),
          ...(isError === undefined ? {} : { is_error: isError }),
        })),
      };
    case 'assistant':
      return {
        role: 'assistant',
        content: turn.parts.map((part) => {
          if ('text' in part) return { type: 'text', text: part.text };
          if ('call' in part) return { type: 'tool_use', id: part.call, name: part.name, input: part.input };
          return { type: 'thinking', thinking: part.thought, signature: part.signature ?? '' };
        }),
      };
  }
}

const messagesChoices = { auto: 'auto', none: 'none', required: 'any' } as const;

function messagesChoice({ choice, parallel }: Talk): object | undefined {
  const switched = parallel === undefined ? {} : { disable_parallel_tool_use: true };
  if (typeof choice === 'object') return { type: 'tool', ...choice, ...switched };
  if (choice === undefined && parallel === undefined) return undefined;
  return { type: messagesChoices[choice ?? 'auto'], ...switched };
}

function messagesBody(talk: Talk): Body {
  const format = talk.schema && { format: { type: 'json_schema', schema: talk.schema } };
  const effort = talk.effort && { effort: talk.effort };
  const [first, ...rest] = talk.turns;
  const isSystem = first?.role === 'system';
  return withValues({
    system: isSystem ? [{ type: 'text', text: first.text }] : undefined,
    messages: (isSystem ? rest : talk.turns).map(messagesTurn),
    tools: talk.tools?.map(({ name, description, schema }) =>
      withValues({ name, description, input_schema: schema }),
    ),
    tool_choice: messagesChoice(talk),
    output_config: format || effort ? { ...format, ...effort } : undefined,
    stop_sequences: talk.stop,
    max_tokens: talk.limit,
    temperature: talk.temperature,
    top_p: talk.topP,
  });
}

function googlePart(part: PlainPart): object {
  if ('text' in part) return { text: part.text };
  if ('image' in part) return { inlineData: { mimeType: part.mediaType, data: part.image } };
  if ('imageUrl' in part) return { fileData: { mimeType: 'image/png', fileUri: part.imageUrl } };
  return { inlineData: { mimeType: 'application/pdf', data: part.pdf, displayName: part.name } };
}

function googleContent(turn: Turn): object {
  switch (turn.role) {
    case 'system':
    case 'user':
      return {
        role: 'user',
        parts: turn.role === 'user' ? turn.parts.map(googlePart) : [{ text: turn.text }],
      };
    case 'results':
      return {
        role: 'user',
        parts: turn.results.map(({ of, name, parts, isError }) => {
          const text = parts.flatMap((part) => ('text' in part ? [part.text] : [])).join('\n');
          const files = parts.filter((part) => !('text' in part)).map(googlePart);
          const response = isError === undefined ? { output: text } : { error: text };
          return {
            functionResponse: { id: of, name, response, ...(files.length === 0 ? {} : { parts: files }) },
          };
        }),
      };
    case 'assistant':
      return {
        role: 'model',
        parts: turn.parts.map((part) => {
          if ('text' in part) return { text: part.text };
          if ('call' in part) return { functionCall: { id: part.call, name: part.name, args: part.input } };
          return withValues({ text: part.thought, thought: true, thoughtSignature: part.signature });
        }),
      };
  }
}

function googleBody(talk: Talk): Body {
  const { choice, schema } = talk;
  const [first, ...rest] = talk.turns;
  const isSystem = first?.role === 'system';
  const mode = typeof choice === 'object' || choice === 'required' ? 'ANY' : choice?.toUpperCase();
  const names = typeof choice === 'object' ? { allowedFunctionNames: [choice.name] } : {};
  return withValues({
    systemInstruction: isSystem ? { parts: [{ text: first.text }] } : undefined,
    contents: (isSystem ? rest : talk.turns).map(googleContent),
    tools: talk.tools && [
      {
        functionDeclarations: talk.tools.map(({ name, description, schema: parametersJsonSchema }) =>
          withValues({ name, description, parametersJsonSchema }),
        ),
      },
    ],
    toolConfig: mode === undefined ? undefined : { functionCallingConfig: { mode, ...names } },
    generationConfig: withValues({
      ...(schema === undefined ? {} : { responseMimeType: 'application/json', responseJsonSchema: schema }),
      stopSequences: talk.stop,
      maxOutputTokens: talk.limit,
      temperature: talk.temperature,
      topP: talk.topP,
      thinkingConfig: talk.effort && { thinkingLevel: talk.effort.toUpperCase() },
    }),
  });
}

/** The request that says this in a protocol, as its official SDK would write it. */
export const bodyOf: Readonly<Record<ProtocolName, (talk: Talk) => Body>> = {
  'openai-chat': chatBody,
  'openai-responses': responsesBody,
  'anthropic-messages': messagesBody,
  'google-generative': googleBody,
};
