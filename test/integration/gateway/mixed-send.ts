import { once } from 'node:events';
import http from 'node:http';
import { chatBody } from '../../support/gateway.ts';
import type { Kind } from './mixed-requests.ts';

/** A request is hung when it has not ended after so long; none may take nearly as long. */
const hungMs = 60_000;

/** What became of one request. */
export interface Answered {
  readonly number: number;
  readonly kind: Kind;
  /** For a person. */
  readonly what: string;
  /** The call's id, where the client has seen it. */
  readonly id?: string;
  readonly lost?: string;
  readonly wrong?: string;
}

export interface Sending {
  readonly number: number;
  readonly kind: Kind;
  readonly port: number;
  readonly token: string;
  readonly agent: http.Agent;
  readonly arrived: (number: number) => Promise<unknown>;
}

/** Sends a request as its kind says, and reads its answer to the end. */
export async function send(sending: Sending): Promise<Answered> {
  const { number, kind, port, token, agent } = sending;
  const what = `request ${number} (${kind.name})`;
  const messages = [{ role: 'user', content: `#${number}` }];
  const body = JSON.stringify(
    chatBody({ model: kind.model ?? 'acme/m', max_tokens: 50, messages, stream: kind.streams ?? false }),
  );
  const request = http.request({
    ...{ host: '127.0.0.1', port, method: 'POST', path: kind.path ?? '/v1/chat/completions' },
    // Whoever leaves takes its connection along.
    agent: kind.leaves === undefined ? agent : false,
    headers: {
      authorization: `Bearer ${kind.token ?? token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
    signal: AbortSignal.timeout(hungMs),
  });
  const response = once(request, 'response') as Promise<[http.IncomingMessage]>;
  // Told below to whoever still waits for it; a client that has left no longer does.
  response.catch(() => undefined);
  if (kind.leaves !== undefined) {
    await leave(request, body, sending, response);
    return { number, kind, what };
  }
  request.end(body);
  try {
    const [answer] = await response;
    const text = await read(answer, kind.isSlow ?? false);
    const id = answer.headers['x-request-id'];
    const { status, says } = kind.gets ?? { status: 0, says: /^$/ };
    const isRight = answer.statusCode === status && says.test(text);
    const seen = { number, kind, what, ...(typeof id === 'string' ? { id } : {}) };
    if (isRight) return seen;
    const end = `${answer.statusCode ?? 0} …${text.slice(-200)}`;
    return hasError(text) || answer.statusCode !== 200 ? { ...seen, wrong: end } : { ...seen, lost: end };
  } catch (error) {
    return { number, kind, what, lost: String(error) };
  }
}

const hasError = (text: string) => text.includes('"error"');

async function leave(
  request: http.ClientRequest,
  body: string,
  { number, kind, arrived }: Sending,
  response: Promise<[http.IncomingMessage]>,
): Promise<void> {
  request.on('error', () => undefined);
  if (kind.leaves === 'in its own body') {
    await new Promise((resolve) => request.write(body.slice(0, -10), resolve));
  } else {
    request.end(body);
    await arrived(number);
    if (kind.leaves === 'in mid-answer') {
      const [answer] = await response;
      answer.on('error', () => undefined);
      await once(answer, 'data');
    }
  }
  request.destroy();
}

async function read(answer: http.IncomingMessage, isSlow: boolean): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    text += String(chunk);
    if (isSlow) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return text;
}
