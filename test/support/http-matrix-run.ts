import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { MatrixDraw, type MatrixRequest } from './http-matrix-draw.ts';
import { startHeadless, type Headless } from './headless.ts';

export interface MatrixReport {
  readonly requests: number;
  readonly letIn: number;
  /** Requests that must not be let in and were, by what is odd in them. */
  readonly wronglyLetIn: readonly string[];
  /** Ordinary requests that were refused. */
  readonly wronglyRefused: readonly string[];
  /** Connections that were neither answered nor closed, and answers that mean a bug. */
  readonly broken: readonly string[];
  readonly statuses: ReadonlyMap<number, number>;
}

/** Longer than the gateway may wait for anything. */
const patienceMs = 15_000;
/** Fewer than the connections that the gateway takes. */
const atOnce = 32;

/** A provider that counts the calls that reach it. */
export interface CountingUpstream {
  readonly baseUrl: string;
  /** By the id in their bodies. */
  readonly seen: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function startCountingUpstream(): Promise<CountingUpstream> {
  const seen = new Map<string, number>();
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.once('end', () => {
      const id = /"user":\s*"([\w-]+)"/.exec(body)?.[1] ?? 'unknown';
      seen.set(id, (seen.get(id) ?? 0) + 1);
      // It never answers a call that asks for patience.
      if (body.includes('"stall"')) return;
      response.setHeader('content-type', 'application/json');
      response.end(
        '{"choices":[{"message":{"role":"assistant","content":"Hi"}}],"usage":{"prompt_tokens":1}}',
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export function startMatrixGateway(upstream: CountingUpstream): Promise<Headless> {
  const { baseUrl } = upstream;
  return startHeadless({
    settings: {
      'callguard.providers': {
        acme: { kind: 'openai-compatible', baseUrl, models: { deny: ['denied'] }, unknownPrice: 'allow' },
      },
    },
    env: { CALLGUARD_KEY_ACME: 'sk-of-acme-0123456789abcdef' },
  });
}

/** Sends this many requests and judges what became of them. */
export async function runMatrix(
  { port, tokens }: Headless,
  { seen }: CountingUpstream,
  seed: number,
  requests: number,
): Promise<MatrixReport> {
  const draw = new MatrixDraw(seed, port, tokens);
  const wronglyLetIn: string[] = [];
  const wronglyRefused: string[] = [];
  const broken: string[] = [];
  const statuses = new Map<number, number>();
  let letIn = 0;
  let left = requests;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      const request = draw.next();
      const status = await send(port, request);
      const isIn = request.isCall ? seen.has(request.id) : status === 200;
      const what = `${request.id} ${status}: ${request.oddities.join(' + ')}`;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      letIn += isIn ? 1 : 0;
      if (request.verdict === 'bad' && (isIn || status === 200)) wronglyLetIn.push(what);
      if (request.verdict === 'good' && !(isIn && status === 200)) wronglyRefused.push(what);
      if (status === silent || [500, 502, 504].includes(status)) broken.push(what);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const [id, times] of seen) {
    if (id.startsWith('inner') || id === 'unknown') wronglyLetIn.push(`${id}: a request in another one`);
    else if (times > 1) wronglyLetIn.push(`${id}: ${times} times`);
  }
  return { requests, letIn, wronglyLetIn, wronglyRefused, broken, statuses };
}

/** The connection was closed without an answer. */
const closed = 0;
/** It was neither answered nor closed. */
const silent = -1;

/** The status of the answer, once it is complete or the connection is closed. */
function send(port: number, { bytes, splitAt, isCut }: MatrixRequest): Promise<number> {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      socket.setNoDelay();
      const rest = () => {
        socket.write(bytes.subarray(splitAt));
        if (isCut) socket.end();
      };
      if (splitAt === 0) rest();
      else socket.write(bytes.subarray(0, splitAt), () => setImmediate(rest));
    });
    const finish = (status: number) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(status);
    };
    const timer = setTimeout(() => {
      finish(silent);
    }, patienceMs);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const status = completeStatus(text);
      if (status !== undefined) finish(status);
    });
    socket.once('end', () => {
      finish(firstStatus(text) ?? closed);
    });
    // A reset is a way of closing.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      finish(firstStatus(text) ?? closed);
    });
  });
}

const answerHead = /^HTTP\/1\.1 (\d{3})[^]*?\r\n\r\n/;

function withoutContinue(text: string): string {
  return text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
}

function firstStatus(text: string): number | undefined {
  const status = answerHead.exec(withoutContinue(text))?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Undefined until the whole answer is there. */
function completeStatus(text: string): number | undefined {
  const answer = withoutContinue(text);
  const head = answerHead.exec(answer);
  if (head === null) return undefined;
  const length = /^content-length: (\d+)/im.exec(head[0])?.[1];
  const body = answer.slice(head[0].length);
  const isWhole = length === undefined ? body.includes('0\r\n\r\n') : body.length >= Number(length);
  return isWhole ? Number(head[1]) : undefined;
}
