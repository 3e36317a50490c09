// One question through an official SDK: `node sdk-client.ts PROTOCOL ORIGIN TOKEN MODEL PROMPT [IMAGE]`.
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const [protocol = '', origin = '', token = '', model = '', prompt = '', image] = process.argv.slice(2);
const name = 'read_file';
const description = 'Reads a file.';
const schema = { type: 'object' as const, properties: { path: { type: 'string' } }, required: ['path'] };
const base64 = image === undefined ? undefined : readFileSync(image, 'base64');

/** What the tool returns: the file whose path the model gave. */
function run(input: string | undefined): string {
  return readFileSync((JSON.parse(input ?? '{}') as { path: string }).path, 'utf8');
}

async function chat(): Promise<string> {
  const { chat: api } = new OpenAI({ baseURL: `${origin}/v1`, apiKey: token });
  const picture =
    base64 === undefined
      ? []
      : [{ type: 'image_url' as const, image_url: { url: `data:image/png;base64,${base64}` } }];
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: 'user', content: [{ type: 'text', text: prompt }, ...picture] },
  ];
  const tools = [{ type: 'function' as const, function: { name, description, parameters: schema } }];
  for (;;) {
    const { choices } = await api.completions.create({ model, messages, tools });
    const message = choices[0]?.message;
    const calls = message?.tool_calls ?? [];
    if (message === undefined || calls.length === 0) return message?.content ?? '';
    messages.push(message);
    for (const call of calls) {
      if (call.type !== 'function') continue;
      messages.push({ role: 'tool', tool_call_id: call.id, content: run(call.function.arguments) });
    }
  }
}

async function responses(): Promise<string> {
  const { responses: api } = new OpenAI({ baseURL: `${origin}/v1`, apiKey: token });
  const picture =
    base64 === undefined
      ? []
      : [
          {
            type: 'input_image' as const,
            image_url: `data:image/png;base64,${base64}`,
            detail: 'auto' as const,
          },
        ];
  const input: OpenAI.Responses.ResponseInputItem[] = [
    { role: 'user', content: [{ type: 'input_text', text: prompt }, ...picture] },
  ];
  const tools = [{ type: 'function' as const, name, description, parameters: schema, strict: false }];
  for (;;) {
    const { output, output_text } = await api.create({ model, input, tools, store: false });
    const calls = output.filter((item) => item.type === 'function_call');
    if (calls.length === 0) return output_text;
    for (const call of calls) {
      input.push(call, { type: 'function_call_output', call_id: call.call_id, output: run(call.arguments) });
    }
  }
}

async function messagesApi(): Promise<string> {
  const { messages: api } = new Anthropic({ baseURL: origin, authToken: token, apiKey: null });
  const picture =
    base64 === undefined
      ? []
      : [
          {
            type: 'image' as const,
            source: { type: 'base64' as const, media_type: 'image/png' as const, data: base64 },
          },
        ];
  const messages: Anthropic.MessageParam[] = [
    { role: 'user', content: [{ type: 'text', text: prompt }, ...picture] },
  ];
  const tools = [{ name, description, input_schema: schema }];
  for (;;) {
    const { content } = await api.create({ model, messages, tools, max_tokens: 1_000 });
    const calls = content.filter((part) => part.type === 'tool_use');
    if (calls.length === 0) return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const results = calls.map(({ id, input }) => ({
      ...{ type: 'tool_result' as const, tool_use_id: id },
      content: run(JSON.stringify(input)),
    }));
    messages.push({ role: 'assistant', content }, { role: 'user', content: results });
  }
}

async function gemini(): Promise<string> {
  const { models } = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: origin } });
  const picture = base64 === undefined ? [] : [{ inlineData: { mimeType: 'image/png', data: base64 } }];
  const contents = [{ role: 'user', parts: [{ text: prompt }, ...picture] as object[] }];
  const config = { tools: [{ functionDeclarations: [{ name, description, parametersJsonSchema: schema }] }] };
  for (;;) {
    const answer = await models.generateContent({ model, contents, config });
    const calls = answer.functionCalls ?? [];
    if (calls.length === 0) return answer.text ?? '';
    contents.push({ role: 'model', parts: answer.candidates?.[0]?.content?.parts ?? [] });
    const results = calls.map((call) => ({
      functionResponse: {
        ...(call.id === undefined ? {} : { id: call.id }),
        ...{ name: call.name ?? name, response: { output: run(JSON.stringify(call.args)) } },
      },
    }));
    contents.push({ role: 'user', parts: results });
  }
}

const clients: Readonly<Record<string, () => Promise<string>>> = {
  chat,
  responses,
  messages: messagesApi,
  gemini,
};
try {
  console.log(await clients[protocol]?.());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
