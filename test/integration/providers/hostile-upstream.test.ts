import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { sanitizeErrorMessage } from '../../../src/redaction/redact.ts';
import { answerLimits } from '../../../src/shared/limits.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { wordsOf } from '../../support/languages.ts';
import { attempt, compatible, senderOptions, textOf } from '../../support/sender.ts';
import { tryWire } from '../../support/wire.ts';

const { answer, begin, chatEvents, goodAnswer, reply, startFaultUpstream, write } = upstreams;
const mib = 1024 * 1024;
const partly = goodAnswer.slice(0, 2);
const forClient = { passThrough: { hidesUsage: false } } as const;
const whole = { ...forClient, wants: 'whole' } as const;

/** A server of raw bytes that writes this until its client leaves. */
async function rawServer(first: string, endless: string) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', () => {
      socket.write(first);
      const go = () => {
        while (!socket.destroyed && socket.write(endless));
      };
      socket.on('drain', go);
      if (endless !== '') go();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/v1/chat/completions`, close };
}

describe('a hostile provider', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const url = () => `${upstream.baseUrl}/chat/completions`;

  it('cannot block with one event of 15 MiB, 20,000 blank events and an error', async () => {
    const events = [
      chatEvents.text('x'.repeat(15 * mib)),
      '\n\n'.repeat(20_000),
      'data:\n\n'.repeat(20_000),
      chatEvents.error({ message: 'no' }),
    ];
    upstream.script(answer([events.join('')]));
    const result = await tryWire(url(), forClient);
    assert.equal(result.report.outcome.kind, 'errorEvent');
  });

  for (const [what, events, kind] of [
    ['CRs', 'data: {"choices":[]}\r\r'.repeat(100_000), 'complete'],
    ['lines of data', `${'data:\n'.repeat(300_000)}\n`, 'malformed'],
    ['comments', `${':\n'.repeat(1_000_000)}\n`, 'complete'],
    ['fields', `${'event: x\n'.repeat(200_000)}\n`, 'complete'],
  ] as const) {
    it(`cannot block with an answer of ${what}`, async () => {
      upstream.script(answer([...partly, events, chatEvents.done]));
      const result = await tryWire(url(), forClient);
      assert.equal(result.report.outcome.kind, kind);
    });
  }

  for (const [where, behaviour] of [
    ['an HTTP error', (message: string) => reply(400, { error: { message } })],
    ['a text', (message: string) => reply(400, message)],
    ['an event', (message: string) => answer([...partly, chatEvents.error({ message })])],
    ['an error in a 200', (message: string) => reply(200, { error: { message } })],
  ] as const) {
    it(`cannot throw or block with a key of 6 million letters in ${where}`, async () => {
      upstream.script(behaviour(`sk-${'a'.repeat(6_000_000)}`));
      const result = await tryWire(url(), { sanitize: sanitizeErrorMessage });
      const words = wordsOf(result.report.outcome);
      assert.ok(words.length <= 600, `${words.length} characters`);
    });
  }

  it('cannot answer a request that does not stream with an endless stream', async () => {
    for (const type of ['text/event-stream', 'text/plain']) {
      upstream.script(async ({ response, request }) => {
        response.writeHead(200, { 'content-type': type });
        while (!request.socket.destroyed) await write(response, partly.join('').repeat(1_000));
      });
      const { report } = await tryWire(url(), whole);
      assert.equal(wordsOf(report.outcome), 'it is larger than 8 MiB');
      await upstream.idle();
    }
  });

  it('cannot send more than 32 MiB in one piece', async () => {
    upstream.script(async ({ response, request }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":[');
      while (!request.socket.destroyed) await write(response, '"x",'.repeat(mib / 4));
    });
    const { report } = await tryWire(url(), whole);
    assert.equal(wordsOf(report.outcome), 'it is larger than 32 MiB');
    await upstream.idle();
  });

  for (const [name, bomb, kind] of [
    ['of blanks', ' '.repeat(64 * mib), 'malformed'],
    ['of one line', 'data: '.padEnd(64 * mib, 'x'), 'malformed'],
    ['of events', partly.join('') + chatEvents.ping.repeat(3 * mib), 'cut'],
  ] as const) {
    it(`cannot grow memory with a compressed answer ${name}`, async () => {
      upstream.script(({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
        response.end(gzipSync(bomb));
      });
      assert.equal((await tryWire(url(), forClient)).report.outcome.kind, kind);
    });
  }

  for (const [what, first, endless] of [
    ['headers', 'HTTP/1.1 200 OK\r\n', 'x-filler: 0123456789\r\n'],
    ['one header', 'HTTP/1.1 200 OK\r\nx-filler: ', '0123456789'.repeat(100)],
    ['a status line', 'HTTP/1.1 500 ', 'no '.repeat(1_000)],
    ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'],
    ['header lines of interim answers', 'HTTP/1.1 103 Early Hints\r\n', 'link: x\r\n'],
  ] as const) {
    it(`cannot keep an exchange with endless ${what}`, async () => {
      const server = await rawServer(first, endless.repeat(100));
      const { report } = await tryWire(server.url);
      assert.equal(report.outcome.kind, 'malformed');
      await server.close();
    });
  }

  for (const what of ['trailers', 'chunk extensions']) {
    it(`cannot keep an exchange with endless ${what}`, async () => {
      const head =
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n';
      const isTrailers = what === 'trailers';
      const server = await rawServer(head + (isTrailers ? '0\r\n' : '1'), isTrailers ? 'x: y\r\n' : ';x=y');
      const { report } = await tryWire(server.url, whole);
      assert.notEqual(report.outcome.kind, 'aborted');
      await server.close();
    });
  }

  it('cannot answer our own prompt with an event over 8 MiB', async () => {
    for (const [bytes, kind] of [
      [answerLimits.ownBytes - 1_000, 'complete'],
      [answerLimits.ownBytes + 1_000, 'malformed'],
    ] as const) {
      upstream.script(
        answer([...partly, chatEvents.text('x'.repeat(bytes)), chatEvents.stop, chatEvents.done]),
      );
      const { report } = await tryWire(url(), {});
      assert.equal(report.outcome.kind, kind);
    }
  });

  it('cannot send events without content for minutes', async () => {
    for (const wanted of [forClient, {}]) {
      upstream.script(async (exchange) => {
        await begin(exchange, []);
        while (!exchange.request.socket.destroyed) await write(exchange.response, chatEvents.role.repeat(20));
      });
      const { report } = await tryWire(url(), wanted);
      assert.equal(wordsOf(report.outcome), 'its first 256 KiB have no content');
      await upstream.idle();
    }
  });

  it('cannot make the reply an error message with an empty error', async () => {
    const content = '"choices":[{"index":0,"delta":{"content":"PRIVATE"}}]';
    upstream.script(answer([`data: {"error":"",${content}}\n\n`, chatEvents.stop, chatEvents.done]));
    const { parts, report } = await attempt(senderOptions(compatible(upstream.baseUrl)));
    assert.deepEqual([report.outcome.kind, textOf(parts)], ['complete', 'PRIVATE']);
    upstream.script(answer([`event: error\ndata: {"error":{"code":5},${content}}\n\n`]));
    assert.doesNotMatch(JSON.stringify((await tryWire(url())).report), /PRIVATE/);
  });

  it('cannot pass on anything behind the end, in the same chunk or a later one', async () => {
    const echo = chatEvents.error({ message: 'bad key sk-1' });
    for (const events of [
      [...goodAnswer.slice(0, -1), chatEvents.done + echo],
      [...goodAnswer, echo],
    ]) {
      upstream.script(answer(events));
      const { report, text } = await tryWire(url(), forClient);
      assert.deepEqual([report.outcome.kind, text], ['complete', goodAnswer.join('')]);
    }
  });

  it('cannot show a key in a header that is kept, or in the address of a redirect', async () => {
    const sanitize = (text: string) => text.replaceAll('hunter2', '***');
    upstream.script(reply(429, '', { 'x-ratelimit-key': 'hunter2' }));
    assert.doesNotMatch(JSON.stringify((await tryWire(url(), { sanitize })).report), /hunter2/);
    upstream.script(reply(307, '', { location: 'https://hunter2.example/' }));
    const { report } = await tryWire(url(), { sanitize });
    assert.equal(wordsOf(report.outcome), 'the provider redirects to https://***.example');
  });
});
