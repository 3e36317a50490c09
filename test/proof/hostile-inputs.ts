import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  answer,
  begin,
  chatEvents,
  goodAnswer,
  reply,
  write,
  type Behaviour,
} from '../support/fault-upstream.ts';

const mib = 1024 * 1024;
const partly = goodAnswer.slice(0, 2).join('');
const json = { 'content-type': 'application/json' };

/** What a client asks for: a streamed answer, one in one piece, or a test of the provider, for which the AI SDK reads. */
export type Asked = 'stream' | 'whole' | 'own';

/** The body of a message, each byte of it in a chunk of its own. */
export function inBytes(body: Buffer): string {
  return Array.from(body.toString('latin1'), (byte) => `1\r\n${byte}\r\n`).join('') + '0\r\n\r\n';
}

export interface HostileAnswer {
  readonly name: string;
  readonly asked: readonly Asked[];
  /** Of the answer, as far as they are in memory at the same time. */
  readonly bytes: number;
  readonly behaviour: Behaviour;
}

const both = ['stream', 'own'] as const;
const all = ['stream', 'whole', 'own'] as const;

/** Writes the same events as long as the client takes them. */
function endless(first: string, more: string, type = 'text/event-stream'): Behaviour {
  return async ({ request, response }) => {
    response.writeHead(200, { 'content-type': type }).write(first);
    while (!request.socket.destroyed) await write(response, more);
  };
}

function sent(text: string): Behaviour {
  return answer([text]);
}

/** Each byte of the body in a chunk of its own. */
const drops =
  (body: string | Buffer, headers: Readonly<Record<string, string>>, status = 200): Behaviour =>
  ({ request, response }) => {
    // The next request must not come on this socket, whose answer Node.js does not know to be over.
    response.writeHead(status, { ...headers, connection: 'close' }).flushHeaders();
    request.socket.end(inBytes(Buffer.from(body)), 'latin1');
  };

const longText = partly + chatEvents.text('x'.repeat(mib)) + chatEvents.done;
const events = { 'content-type': 'text/event-stream' };
const wholeText = JSON.stringify({ choices: [{ message: { content: 'x'.repeat(mib) } }] });
/** What gzip cannot make smaller. */
const noise = Array.from({ length: mib }, () =>
  String.fromCharCode(33 + Math.floor(Math.random() * 57)),
).join('');

const compressed =
  (text: string): Behaviour =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    response.end(gzipSync(text));
  };

const key = `sk-${'a'.repeat(6_000_000)}`;

export const hostileAnswers: readonly HostileAnswer[] = [
  {
    name: 'an event of 15 MiB, 20,000 blank events, an error',
    asked: both,
    bytes: 15 * mib,
    behaviour: sent(
      chatEvents.text('x'.repeat(15 * mib)) +
        'data:\n\n'.repeat(20_000) +
        '\n\n'.repeat(20_000) +
        chatEvents.error({ message: 'no' }),
    ),
  },
  {
    name: 'an event of 15 MiB of small values',
    asked: both,
    bytes: 15 * mib,
    behaviour: sent(`data: {"choices":[${'[],'.repeat(5 * mib)}[]]}\n\n`),
  },
  {
    name: 'an event of 7 MiB of escapes and other scripts',
    asked: both,
    bytes: 7 * mib,
    behaviour: sent(
      `data: {"choices":[{"delta":{"content":"${'\\u00fc語'.repeat(815_000)}"}}]}\n\n` + chatEvents.done,
    ),
  },
  ...[
    ['a million events of 2 bytes', 'data:1\n\n'.repeat(mib)],
    ['400,000 events that look like errors', 'data:{"a":"error"}\n\n'.repeat(400_000)],
    ['400,000 events without choices', 'data:{"choices":[]}\n\n'.repeat(400_000)],
    ['10 MiB of CRs', 'data: {"choices":[]}\r\r'.repeat(480_000)],
    ['10 MiB of comments', `${':\n'.repeat(5 * mib)}\n`],
    ['10 MiB of data lines', `${'data:\n'.repeat(1_700_000)}\n`],
    ['a comment of 15 MiB', `:${'x'.repeat(15 * mib)}\n\n`],
  ].map(([name = '', events = '']): HostileAnswer => ({
    name,
    asked: both,
    bytes: events.length,
    behaviour: sent(partly + events + chatEvents.done),
  })),
  { name: 'a megabyte in chunks of a byte', asked: both, bytes: mib, behaviour: drops(longText, events) },
  {
    name: 'JSON of a megabyte in chunks of a byte',
    asked: all,
    bytes: mib,
    behaviour: drops(wholeText, json),
  },
  {
    name: 'an error of a megabyte in chunks of a byte',
    asked: all,
    bytes: mib,
    behaviour: drops(wholeText, json, 400),
  },
  {
    name: 'a megabyte of gzip in chunks of a byte',
    asked: both,
    bytes: mib,
    behaviour: drops(gzipSync(partly + chatEvents.text(noise) + chatEvents.done), {
      ...events,
      'content-encoding': 'gzip',
    }),
  },
  {
    name: 'an error with a megabyte of base64',
    asked: all,
    bytes: mib,
    behaviour: reply(400, { error: { message: 'c2stcHJvai1hMUIyYzNE'.repeat(mib / 20) } }),
  },
  ...[
    ['an HTTP error', reply(400, { error: { message: key } })],
    ['a text', reply(500, key)],
    ['an error in a 200', reply(200, { error: { message: key } })],
    ['an event', sent(partly + chatEvents.error({ message: key }))],
  ].map(([name, behaviour]): HostileAnswer => ({
    name: `a key of 6 million letters in ${name as string}`,
    asked: all,
    bytes: key.length,
    behaviour: behaviour as Behaviour,
  })),
  { name: 'an endless stream', asked: ['whole'], bytes: 0, behaviour: endless(partly, partly.repeat(500)) },
  {
    name: 'endless JSON',
    asked: all,
    bytes: 32 * mib,
    behaviour: endless('{"choices":[', '"x",'.repeat(16_000), 'application/json'),
  },
  {
    name: 'JSON of 31 MiB of small values',
    asked: ['whole', 'own'],
    bytes: 31 * mib,
    behaviour: reply(200, `{"choices":[${'[],'.repeat(10 * mib)}[]]}`, json),
  },
  {
    name: 'JSON of 31 MiB in one string',
    asked: ['whole'],
    bytes: 31 * mib,
    behaviour: reply(200, `{"choices":[{"message":{"content":"${'\\"'.repeat(15 * mib)}"}}]}`, json),
  },
  {
    name: '31 MiB of brackets',
    asked: ['whole'],
    bytes: 31 * mib,
    behaviour: reply(200, '['.repeat(31 * mib), json),
  },
  {
    name: 'events without content, without an end',
    asked: both,
    bytes: mib / 4,
    behaviour: endless('', chatEvents.role.repeat(100)),
  },
  { name: 'blanks without an end', asked: all, bytes: mib / 4, behaviour: endless('', ' \n'.repeat(8_000)) },
  ...[
    ['one line', 'data: '.padEnd(200 * mib, 'x')],
    ['blanks', ' '.repeat(200 * mib)],
    ['pings', partly + ': ping\n\n'.repeat(8 * mib)],
  ].map(([name = '', text = '']): HostileAnswer => ({
    name: `200 MiB of ${name}, compressed`,
    asked: both,
    bytes: 16 * mib,
    behaviour: compressed(text),
  })),
];

/** Servers whose bytes are no answer: what they write first, and then without an end. */
export const hostileHeads: readonly (readonly [name: string, first: string, endless: string])[] = [
  ['headers', 'HTTP/1.1 200 OK\r\n', 'x-filler: 0123456789\r\n'],
  ['a header', 'HTTP/1.1 200 OK\r\nx-filler: ', '0123456789'.repeat(100)],
  ['a status line', 'HTTP/1.1 500 ', 'no '.repeat(1_000)],
  ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'],
  [
    'trailers',
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n',
    'x: y\r\n',
  ],
];

/** A server that writes `first` and then `endless` until its client leaves. */
export async function startRawServer(
  first: string,
  endlessly: string,
): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', () => {
      socket.write(first);
      const go = () => {
        while (!socket.destroyed && socket.write(endlessly.repeat(100)));
      };
      socket.on('drain', go);
      go();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An ordinary answer of 2,000 words. */
export const ordinary: Behaviour = async (exchange) => {
  await begin(exchange, [chatEvents.role]);
  for (let words = 0; words < 20; words++)
    await write(exchange.response, chatEvents.text('word ').repeat(100));
  exchange.response.end(goodAnswer.slice(-3).join(''));
};
