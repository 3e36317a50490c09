import { once } from 'node:events';
import http from 'node:http';
import { bodyOf } from './answer-bytes.ts';
import type { CorpusCase, Seen } from './case-format.ts';
import { readClient } from './read-client.ts';

export interface GatewayAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** The name that the gateway has for the model. */
  readonly model: string;
  /** What the gateway needs besides those of the protocol. */
  readonly headers?: Readonly<Record<string, string>>;
}

const paths: Readonly<Partial<Record<CorpusCase['dialect'], string>>> = {
  'openai-chat': '/v1/chat/completions',
  'anthropic-messages': '/v1/messages',
};

/** Whether a client can send the case's request to a gateway. */
export function hasProtocol({ dialect }: CorpusCase): boolean {
  return paths[dialect] !== undefined;
}

/**
 * Sends the case's request as a client of its protocol does, and reads what comes back.
 *
 * @param signal ends the client's patience; what came until then is what it has
 */
export async function askGateway(
  wanted: CorpusCase,
  gateway: GatewayAddress,
  signal?: AbortSignal,
): Promise<Seen> {
  const { dialect } = wanted;
  const isAnthropic = dialect === 'anthropic-messages';
  const fields = {
    model: gateway.model,
    messages: [{ role: 'user', content: 'Hello?' }],
    stream: true,
    ...(isAnthropic ? { max_tokens: 100 } : {}),
    ...wanted.request,
  };
  const streams: unknown = fields.stream;
  const request = http.request(gateway.url + (paths[dialect] ?? ''), {
    method: 'POST',
    agent: false,
    ...(signal === undefined ? {} : { signal }),
    headers: {
      'content-type': 'application/json',
      ...gateway.headers,
      ...(isAnthropic
        ? { 'x-api-key': gateway.token, 'anthropic-version': '2023-06-01' }
        : { authorization: `Bearer ${gateway.token}` }),
    },
  });
  request.end(JSON.stringify(fields));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const pieces: Buffer[] = [];
  try {
    for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
  } catch (error) {
    // The gateway broke the connection. What came until then is what the client has.
    const broke = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    if (!broke && signal?.aborted !== true) throw error;
  }
  const body = Buffer.concat(pieces);
  const last = wanted.answers.at(-1);
  return {
    status: response.statusCode,
    sameBytes: last !== undefined && body.equals(bodyOf(last)),
    ...readClient(dialect, streams !== false, body.toString()),
  };
}
