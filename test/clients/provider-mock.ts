import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { hasImage, noteSecret, readRequest, type ToolCall } from './conversation.ts';

/** A request as it came from the tool, or from Callguard. */
export interface SeenRequest {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer that is not the mock's. */
export interface FixedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A provider of all protocols: aimock, behind a server that records and can answer errors. */
export interface ProviderMock {
  readonly origin: string;
  readonly seen: SeenRequest[];
  /** Answers all calls whose path begins so with this, or plays again. */
  answerWith(answer: FixedAnswer | undefined, prefix?: string): void;
  /** The call that the model makes when it is asked to read a file. */
  readWith(call: ToolCall | undefined): void;
  close(): Promise<void>;
}

/** Where a path names the provider, for one of several. */
const ofProvider = /^\/~[^/]+/;

export async function startProviderMock(): Promise<ProviderMock> {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  const seen: SeenRequest[] = [];
  const fixed = new Map<string, FixedAnswer>();
  let read: ToolCall | undefined;

  const contextIs = (name: string) => ({ context: name });
  mock.on(contextIs('image'), { content: 'I see the image.' });
  mock.on(contextIs('note'), { content: `The note says ${noteSecret}.` });
  mock.on(contextIs('read'), () =>
    read === undefined
      ? { content: 'There is nothing to read with.' }
      : { toolCalls: [{ name: read.name, arguments: JSON.stringify(read.arguments) }] },
  );
  mock.on({}, { content: 'Hello from the model.' });
  await mock.start();

  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const text = body.toString('utf8');
      const path = request.url ?? '';
      const method = request.method ?? '';
      seen.push({ atMs: performance.now(), method, path, headers: request.headers, body: text });
      const own = method === 'POST' ? ownAnswer(path) : listing(path);
      const answer =
        own ??
        [...fixed].find(([prefix]) => `${path}/`.startsWith(prefix === '/' ? prefix : `${prefix}/`))?.[1];
      if (answer !== undefined) {
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(method === 'HEAD' ? undefined : JSON.stringify(answer.body));
        return;
      }
      const { host: _, 'content-length': __, 'transfer-encoding': ___, ...headers } = request.headers;
      const passed = httpRequest(
        mock.url + path.replace(ofProvider, ''),
        { method, headers: { ...headers, 'x-aimock-context': contextOf(text) } },
        (played) => {
          response.writeHead(played.statusCode ?? 502, played.headers);
          played.pipe(response);
        },
      );
      passed.on('error', (error) => response.destroy(error));
      response.on('close', () => passed.destroy());
      passed.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    answerWith: (answer, prefix = '/') => {
      if (answer === undefined) fixed.delete(prefix);
      else fixed.set(prefix, answer);
    },
    readWith: (call) => {
      read = call;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await mock.stop();
    },
  };
}

/** Which part of the conversation the body is. */
function contextOf(body: string): string {
  if (hasImage(body)) return 'image';
  if (body.includes(noteSecret)) return 'note';
  return body.includes(readRequest) && body.includes('"tools"') ? 'read' : 'plain';
}

function ownAnswer(path: string): FixedAnswer | undefined {
  if (path.includes('/messages/count_tokens')) return { status: 200, body: { input_tokens: 1234 } };
  if (path.includes(':countTokens')) return { status: 200, body: { totalTokens: 1234 } };
  return undefined;
}

/** What a provider answers to requests that ask for no model. */
function listing(path: string): FixedAnswer {
  if (path.includes('/v1beta/models')) return { status: 200, body: { models: [{ name: 'models/m' }] } };
  if (path.includes('/models'))
    return { status: 200, body: { object: 'list', data: [{ id: 'm', object: 'model' }] } };
  return { status: 200, body: {} };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
