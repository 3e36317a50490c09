import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { sendingsOf, type Variant } from './answer-bytes.ts';
import type { CorpusAnswer } from './case-format.ts';

/** A request that the upstream got. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Lets a silence pass. `socket` is the upstream's end of the connection. */
export type Pause = (ms: number, socket: Socket) => Promise<void>;

/** The server that gives the recorded answers. It serves one case at a time. */
export interface CorpusUpstream {
  readonly origin: string;
  /** The requests since `play` was called. */
  readonly requests: readonly SeenRequest[];
  /** Answers that are being sent. */
  readonly running: number;
  play(answers: readonly CorpusAnswer[], variant: Variant): void;
  close(): Promise<void>;
}

/** Listens on loopback. Port 0 takes any free one. */
export async function startUpstream(port: number, pause: Pause): Promise<CorpusUpstream> {
  let answers: readonly CorpusAnswer[] = [];
  let variant: Variant = { lineBreak: '\n', cut: 'pieces' };
  let requests: SeenRequest[] = [];
  let running = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    running += 1;
    try {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      if (answer === undefined) response.writeHead(404).end();
      else await give(answer, variant, response, pause);
    } finally {
      running -= 1;
    }
  };
  const server = http.createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A client that leaves ends its exchange. Anything else is a bug of this file.
      if (!request.destroyed) throw error;
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    get running() {
      return running;
    },
    play: (next, how) => {
      answers = next;
      variant = how;
      requests = [];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function give(
  answer: CorpusAnswer,
  variant: Variant,
  response: ServerResponse,
  pause: Pause,
): Promise<void> {
  const { socket } = response;
  if (socket === null) return;
  response.writeHead(answer.status, headersOf(answer));
  response.flushHeaders();
  // Each write stays an HTTP chunk of its own, but many of them share a packet.
  socket.cork();
  for (const sending of sendingsOf(answer, variant)) {
    if (response.destroyed) return;
    if (Buffer.isBuffer(sending)) response.write(sending);
    else {
      socket.uncork();
      await pause(sending.pauseMs, socket);
      socket.cork();
    }
  }
  socket.uncork();
  if (answer.end === 'clean') response.end();
  else if (answer.end === 'reset') {
    // What was written must arrive first: a reset discards what waits.
    await pause(0, socket);
    socket.resetAndDestroy();
  }
}

export function headersOf({ headers, json, body, encoding }: CorpusAnswer): Record<string, string> {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const type = body !== undefined ? 'text/event-stream' : json === undefined ? undefined : 'application/json';
  const all = {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    ...lower,
  };
  // An empty value in a case means that the server sends no such header.
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
