import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI, type Part } from '@google/genai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import type { ProtocolName } from '../../src/gateway/protocols/protocol.ts';

/** What an official SDK made of an answer. */
export interface SdkAnswer {
  /** The members of a request that gives the answer back as a part of the conversation. */
  readonly again: Readonly<Record<string, unknown>>;
  readonly stop: string | null | undefined;
  readonly usage: readonly (number | null | undefined)[];
}

type Read = (origin: string, streams: boolean) => Promise<SdkAnswer>;

const ask = 'Hello?';

const readChat: Read = async (origin, streams) => {
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'x', maxRetries: 0 });
  const body = { model: 'm', messages: [{ role: 'user' as const, content: ask }] };
  if (!streams) {
    const done = await client.chat.completions.create(body);
    const [choice] = done.choices;
    return {
      again: { messages: [...body.messages, choice?.message] },
      stop: choice?.finish_reason,
      usage: chatUsage(done.usage),
    };
  }
  const message = { role: 'assistant', content: '', reasoning_content: '' };
  const calls: { function?: { arguments: string } | undefined }[] = [];
  let stop: string | null | undefined;
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
    usage = chunk.usage ?? usage;
    const [choice] = chunk.choices;
    stop = choice?.finish_reason ?? stop;
    const { content, tool_calls: pieces = [], ...rest } = choice?.delta ?? {};
    message.content += content ?? '';
    message.reasoning_content += (rest as { reasoning_content?: string }).reasoning_content ?? '';
    for (const { index, ...piece } of pieces) {
      const known = calls[index];
      if (known?.function) known.function.arguments += piece.function?.arguments ?? '';
      else calls[index] = piece as (typeof calls)[number];
    }
  }
  return {
    again: { messages: [...body.messages, { ...message, tool_calls: calls }] },
    stop,
    usage: chatUsage(usage),
  };
};

function chatUsage(usage: OpenAI.CompletionUsage | null | undefined) {
  const { prompt_tokens_details: input, completion_tokens_details: output } = usage ?? {};
  return [usage?.prompt_tokens, usage?.completion_tokens, input?.cached_tokens, output?.reasoning_tokens];
}

const readResponses: Read = async (origin, streams) => {
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'x', maxRetries: 0 });
  const body = { model: 'm', input: ask };
  const done = streams
    ? await client.responses.stream(body).finalResponse()
    : await client.responses.create(body);
  const { usage } = done;
  return {
    again: { input: [{ role: 'user', content: ask }, ...done.output] },
    stop: done.incomplete_details?.reason ?? done.status,
    usage: [
      usage?.input_tokens,
      usage?.output_tokens,
      usage?.input_tokens_details.cached_tokens,
      usage?.output_tokens_details.reasoning_tokens,
    ],
  };
};

const readMessages: Read = async (origin, streams) => {
  const client = new Anthropic({ baseURL: origin, apiKey: 'x', maxRetries: 0 });
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: ask }];
  const body = { model: 'm', max_tokens: 500, messages };
  const done = streams
    ? await client.messages.stream(body).finalMessage()
    : await client.messages.create(body);
  const { usage } = done;
  const read = usage.cache_read_input_tokens ?? 0;
  const written = usage.cache_creation_input_tokens ?? 0;
  return {
    again: { max_tokens: 500, messages: [...messages, { role: 'assistant', content: done.content }] },
    stop: done.stop_reason,
    usage: [
      usage.input_tokens + read + written,
      usage.output_tokens,
      read,
      usage.output_tokens_details?.thinking_tokens,
    ],
  };
};

const readGenerated: Read = async (origin, streams) => {
  const client = new GoogleGenAI({ apiKey: 'x', httpOptions: { baseUrl: origin } });
  const request = { model: 'm', contents: ask };
  const chunks = [];
  if (streams)
    for await (const chunk of await client.models.generateContentStream(request)) chunks.push(chunk);
  else chunks.push(await client.models.generateContent(request));
  const candidates = chunks.flatMap((chunk) => chunk.candidates ?? []);
  const usage = chunks.at(-1)?.usageMetadata;
  const input = usage?.promptTokenCount;
  const parts = joined(candidates.flatMap(({ content }) => content?.parts ?? []));
  return {
    again: {
      contents: [
        { role: 'user', parts: [{ text: ask }] },
        { role: 'model', parts },
      ],
    },
    stop: candidates.at(-1)?.finishReason,
    usage: [
      input,
      (usage?.totalTokenCount ?? 0) - (input ?? 0),
      usage?.cachedContentTokenCount ?? 0,
      usage?.thoughtsTokenCount ?? 0,
    ],
  };
};

/** The pieces of one text, up to its signature, as a client joins them. */
function joined(parts: readonly Part[]): Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    const isText = part.text !== undefined && last?.text !== undefined;
    const isMore = isText && last.thoughtSignature === undefined && part.thought === last.thought;
    if (isMore) whole.splice(-1, 1, { ...last, ...part, text: `${last.text ?? ''}${part.text ?? ''}` });
    else whole.push(part);
  }
  return whole;
}

const readers: Readonly<Record<ProtocolName, Read>> = {
  'openai-chat': readChat,
  'openai-responses': readResponses,
  'anthropic-messages': readMessages,
  'google-generative': readGenerated,
};

export interface OfficialClients {
  /** What the SDK of a protocol makes of an answer: of the text of a stream, or of a JSON object. */
  readonly read: (protocol: ProtocolName, answer: string | object) => Promise<SdkAnswer>;
  readonly close: () => void;
}

/** The official SDKs, and a server from which they get the answers. */
export async function startOfficialClients(): Promise<OfficialClients> {
  let answer: string | object = '';
  const server = createServer((request, response) => {
    request.resume();
    const streams = typeof answer === 'string';
    response.setHeader('content-type', streams ? 'text/event-stream' : 'application/json');
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    read: (protocol, next) => {
      answer = next;
      return readers[protocol](origin, typeof next === 'string');
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
