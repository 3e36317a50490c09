import http from 'node:http';
import net from 'node:net';
import { inBytes } from './hostile-inputs.ts';

const mib = 1024 * 1024;

export interface HostileBody {
  readonly name: string;
  readonly atOnce: number;
  readonly body: Buffer;
  readonly send?: typeof post;
}

/** A request whose messages are this JSON. */
function bodyWith(messages: string, more = ''): Buffer {
  return Buffer.from(`{"model":"acme/m","stream":true,${more}"messages":[${messages}]}`);
}

const message = (content: string) => `{"role":"user","content":"${content}"}`;
const long = (unit: string, bytes: number) => unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)));
const size = 32 * mib - 1_000;

const ofMib = bodyWith(message('x'.repeat(mib)));
const keyInBase64 = Buffer.from(`sk-proj-${'aB3dE5gH'.repeat(6)}`).toString('base64');

export const hostileBodies: readonly HostileBody[] = [
  { name: 'one text', atOnce: 2, body: bodyWith(message(long('x', size))) },
  { name: 'one text of escapes', atOnce: 2, body: bodyWith(message(long('\\u00fc', size))) },
  { name: 'one text of another script', atOnce: 2, body: bodyWith(message(long('語', size))) },
  { name: 'half of a key, again and again', atOnce: 1, body: bodyWith(message(long('sk-proj-', size))) },
  { name: 'a key of 32 MiB', atOnce: 1, body: bodyWith(message(`sk-${long('aB3', size)}`)) },
  { name: 'keys', atOnce: 1, body: bodyWith(message(long(`sk-proj-${'aB3dE5gH'.repeat(6)} `, size))) },
  { name: 'empty messages', atOnce: 1, body: bodyWith(`${long('{},', size)}{}`) },
  { name: 'small texts', atOnce: 1, body: bodyWith(`${long(`${message('Hello, you there')},`, size)}{}`) },
  {
    name: 'a field of many names',
    atOnce: 1,
    body: bodyWith('', `"own":{${long('"mode1":1,', size)}"z":1},`),
  },
  { name: 'brackets', atOnce: 1, body: bodyWith(long('[', size)) },
  { name: 'a name of 32 MiB', atOnce: 1, body: bodyWith('', `"${long('x', size)}":1,`) },
  { name: 'base64 of blanks', atOnce: 1, body: bodyWith(message(long('ICAg', size))) },
  {
    name: 'short texts in base64',
    atOnce: 1,
    body: bodyWith(message(long('QUJDREVGR0hJSktMTU5PUFFSU1RV ', size))),
  },
  { name: 'keys in base64', atOnce: 1, body: bodyWith(message(long(`${keyInBase64} `, 4 * mib))) },
  { name: 'lines of base64', atOnce: 1, body: bodyWith(message(long(`${'SUNB'.repeat(15)}\\n`, size))) },
  { name: 'a megabyte in chunks of a byte', atOnce: 1, body: ofMib, send: postInBytes },
  { name: 'a megabyte in chunks of a byte', atOnce: 8, body: ofMib, send: postInBytes },
  {
    name: 'a megabyte in chunks of a byte without a token',
    atOnce: 8,
    body: ofMib,
    send: postInBytesWithoutToken,
  },
  { name: 'the announcement of 32 MiB', atOnce: 60, body: Buffer.from('{'), send: postAnnounced },
  { name: 'requests in one write', atOnce: 8, body: Buffer.alloc(0), send: pipelined },
  { name: 'chunks with extensions', atOnce: 8, body: ofMib, send: postWithExtensions },
];

/** The status of the answer, once it was read to its end; 0 if the connection broke. */
export function post(port: number, path: string, token: string, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const request = http.request({ port, host: '127.0.0.1', path, method: 'POST', headers, agent: false });
    request.on('error', () => {
      resolve(0);
    });
    request.on('response', (response) => {
      const ended = () => {
        resolve(response.statusCode ?? 0);
      };
      response.resume().once('end', ended).once('error', ended);
    });
    request.end(body);
  });
}

/** The status of the first answer to these bytes, once the connection is closed; 0 if none came. */
function write(port: number, text: string, leaveMs?: number): Promise<number> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(port, '127.0.0.1');
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1] ?? 0));
    });
    socket.write(text, 'latin1');
    if (leaveMs !== undefined) setTimeout(() => socket.destroy(), leaveMs);
  });
}

function head(port: number, path: string, token: string, ...more: readonly string[]): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Connection: close',
    ...more,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const chunked = 'Transfer-Encoding: chunked';

/** The same with each byte of the body in a chunk of its own. */
export function postInBytes(port: number, path: string, token: string, body: Buffer): Promise<number> {
  return write(port, head(port, path, token, chunked) + inBytes(body));
}

function postInBytesWithoutToken(port: number, path: string, _token: string, body: Buffer): Promise<number> {
  return postInBytes(port, path, 'none', body);
}

function postWithExtensions(port: number, path: string, token: string, body: Buffer): Promise<number> {
  const chunks = inBytes(body).replaceAll('1\r\n', `1;${'x=y;'.repeat(4)}\r\n`);
  return write(port, head(port, path, token, chunked) + chunks);
}

/** Leaves after the first bytes of a long body. */
function postAnnounced(port: number, path: string, token: string, body: Buffer): Promise<number> {
  return write(port, head(port, path, token, `Content-Length: ${size}`) + body.toString(), 2_000);
}

function pipelined(port: number): Promise<number> {
  return write(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`.repeat(20_000), 2_000);
}
