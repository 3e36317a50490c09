// One question through a library of another project: `node library-client.ts LIBRARY ORIGIN TOKEN MODEL PROMPT [IMAGE]`.
// The libraries are in the folder that CLIENT_FOLDER names.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';

const [library = '', origin = '', apiKey = '', model = '', prompt = '', image] = process.argv.slice(2);
const baseURL = `${origin}/v1`;
const file = image === undefined ? undefined : readFileSync(image);
const description = 'Reads a file.';
const inputSchema = z.object({ path: z.string() });
const run = (input: { readonly path: string }) => readFileSync(input.path, 'utf8');

async function load<T>(name: string): Promise<T> {
  const require = createRequire(path.join(process.env['CLIENT_FOLDER'] ?? '', 'package.json'));
  return (await import(pathToFileURL(require.resolve(name)).href)) as T;
}

interface VercelAi {
  readonly generateText: (options: object) => Promise<{ readonly text: string }>;
  readonly tool: (options: object) => object;
  readonly stepCountIs: (steps: number) => object;
}

async function ai(): Promise<string> {
  const { generateText, tool, stepCountIs } = await load<VercelAi>('ai');
  const { createOpenAI } = await load<{
    readonly createOpenAI: (options: object) => (model: string) => object;
  }>('@ai-sdk/openai');
  const picture = file === undefined ? [] : [{ type: 'file', data: file, mediaType: 'image/png' }];
  const { text } = await generateText({
    model: createOpenAI({ baseURL, apiKey })(model),
    messages: [{ role: 'user', content: [{ type: 'text', text: prompt }, ...picture] }],
    tools: { read_file: tool({ description, inputSchema, execute: run }) },
    stopWhen: stepCountIs(3),
  });
  return text;
}

interface ChatMessage {
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly id: string; readonly args: { readonly path: string } }[];
}

async function langchain(): Promise<string> {
  const { ChatOpenAI } = await load<{
    ChatOpenAI: new (options: object) => {
      bindTools(tools: readonly object[]): { invoke(messages: readonly object[]): Promise<ChatMessage> };
    };
  }>('@langchain/openai');
  const chat = new ChatOpenAI({ model, apiKey, configuration: { baseURL } });
  const bound = chat.bindTools([
    {
      type: 'function',
      function: { name: 'read_file', description, parameters: z.toJSONSchema(inputSchema) },
    },
  ]);
  const picture =
    file === undefined
      ? []
      : [{ type: 'image_url', image_url: { url: `data:image/png;base64,${file.toString('base64')}` } }];
  const messages: object[] = [{ role: 'user', content: [{ type: 'text', text: prompt }, ...picture] }];
  for (;;) {
    const answer = await bound.invoke(messages);
    const calls = answer.tool_calls ?? [];
    if (calls.length === 0) return String(answer.content);
    messages.push(answer);
    for (const { id, args } of calls) messages.push({ role: 'tool', tool_call_id: id, content: run(args) });
  }
}

const clients: Readonly<Record<string, () => Promise<string>>> = { ai, langchain };
try {
  console.log(await clients[library]?.());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
