import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import type { Outcome } from '../../../src/guard/outcome.ts';
import { Secret } from '../../../src/shared/secret.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { freePort } from '../../support/free-port.ts';
import { wordsOf } from '../../support/languages.ts';
import { emptyResolver } from '../../support/resolver.ts';
import { accessWith, testKey, tryWire } from '../../support/wire.ts';

const { answer, breakOff, chatEvents, goodAnswer, hangUp, reply, resetAtOnce, startFaultUpstream } =
  upstreams;
const partly = goodAnswer.slice(0, 2);
const reportedUsage = { inputTokens: 11, cachedInputTokens: 4, outputTokens: 3 };

describe('createWire with a faulty server', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const url = () => `${upstream.baseUrl}/chat/completions`;

  const faults: readonly [string, upstreams.Behaviour, Outcome['kind'], number | undefined][] = [
    ['a reset before the headers', resetAtOnce, 'connection', undefined],
    ['a half-closed connection', hangUp, 'connection', undefined],
    ['a reset in mid-stream', breakOff(partly), 'cut', 200],
    ['a connection closed in mid-stream', breakOff(partly, 'close'), 'cut', 200],
    ['a stream without its end marker and a reason', answer(partly), 'cut', 200],
    ['a stream of nothing', answer([]), 'cut', 200],
    ['an error event inside a 200', answer([chatEvents.error({ message: 'no' })]), 'errorEvent', 200],
    ['an error event after content', answer([...partly, chatEvents.error('no')]), 'errorEvent', 200],
    ['an error object inside a 200', reply(200, { error: { message: 'no' } }), 'errorEvent', 200],
    ['an event that is not JSON', answer([...partly, 'data: {]\n\n']), 'malformed', 200],
    ['a page inside a 200', reply(200, '<html>', { 'content-type': 'text/html' }), 'malformed', 200],
    ['an unknown coding', reply(200, 'x', { 'content-encoding': 'rot13' }), 'malformed', 200],
    ['a false claim of gzip', reply(200, 'data: 1\n\n', { 'content-encoding': 'gzip' }), 'cut', 200],
    ['a 204', reply(204), 'malformed', 204],
    ['a redirect', reply(307, '', { location: 'https://elsewhere.example/v1' }), 'redirect', 307],
    ['a 304', reply(304), 'redirect', 304],
    ...[400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529, 999].map(
      (status): [string, upstreams.Behaviour, Outcome['kind'], number] => [
        `a ${status}`,
        reply(status, { error: { message: 'no' } }),
        'http',
        status,
      ],
    ),
    ['a 402', reply(402), 'outOfCredit', 402],
    [
      'a 429 with a code for used-up credit',
      reply(429, { error: { message: 'no', code: 'insufficient_quota' } }),
      'outOfCredit',
      429,
    ],
  ];
  for (const [name, behaviour, kind, status] of faults) {
    it(`reports ${kind} for ${name}`, async () => {
      upstream.script(behaviour);
      const { report } = await tryWire(url());
      assert.deepEqual([report.outcome.kind, report.status], [kind, status]);
    });
  }

  it('passes on the bytes before the connection broke', async () => {
    upstream.script(breakOff(partly));
    assert.equal((await tryWire(url())).text, partly.join(''));
  });

  it('keeps the usage before an answer was cut', async () => {
    upstream.script(answer([...partly, chatEvents.usage(upstreams.answeredUsage)]));
    assert.deepEqual((await tryWire(url())).report.usage, reportedUsage);
  });

  it('follows no redirect and sends the key nowhere else', async () => {
    const other = await startFaultUpstream();
    upstream.script(reply(308, '', { location: `${other.baseUrl}/chat/completions?key=1` }));
    const { report } = await tryWire(url());
    assert.equal(other.seen.length, 0);
    assert.deepEqual([report.outcome.kind, report.status], ['redirect', 308]);
    assert.equal(wordsOf(report.outcome), `the provider redirects to ${other.origin}`);
    await other.close();
  });

  it('reads at most 64 KiB of the body of an error', async () => {
    upstream.script(async ({ response }) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      for (let sent = 0; sent < 4; sent += 1) await upstreams.write(response, 'x'.repeat(32 * 1024));
    });
    const { report } = await tryWire(url());
    assert.equal(report.outcome.kind, 'http');
    await upstream.idle();
  });

  it('reports Retry-After', async () => {
    upstream.script(reply(429, { error: { message: 'later' } }, { 'retry-after': '3' }));
    assert.deepEqual((await tryWire(url())).report.outcome, {
      kind: 'http',
      status: 429,
      message: 'later',
      retryAfterMs: 3_000,
    });
  });

  it('sanitizes the message of the provider and removes the key', async () => {
    upstream.script(reply(401, { error: { message: `bad key ${testKey} of hunter2` } }));
    const { report } = await tryWire(url(), { sanitize: (text) => text.replaceAll('hunter2', '***') });
    assert.deepEqual(report.outcome, { kind: 'http', status: 401, message: 'bad key [key] of ***' });
  });

  it('reports connection if nothing listens on the port', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}/v1`;
    assert.equal((await tryWire(nowhere)).report.outcome.kind, 'connection');
  });

  it('reports connection for an unknown name, and offline without a network', async () => {
    const nowhere = 'http://callguard-test.invalid/v1';
    const kindOf = async (isOnline: boolean) =>
      (await tryWire(nowhere, { isOnline: () => Promise.resolve(isOnline) })).report.outcome.kind;
    const letResolve = emptyResolver();
    try {
      assert.deepEqual([await kindOf(true), await kindOf(false)], ['connection', 'offline']);
    } finally {
      letResolve();
    }
  });

  it('reports malformed for a server that does not speak HTTP', async () => {
    const server = net.createServer((socket) => socket.resume().end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    assert.equal((await tryWire(`http://127.0.0.1:${port}/`)).report.outcome.kind, 'malformed');
    await new Promise((resolve) => server.close(resolve));
  });

  it('sends nothing for a key that no header can carry, and blames no provider', async () => {
    const { report } = await tryWire(url(), { access: accessWith(new Secret('sk-\n1'), url()) });
    assert.equal(report.outcome.kind, 'unsendable');
    assert.equal(wordsOf(report.outcome), 'it is not a valid HTTP request (ERR_INVALID_CHAR)');
    assert.deepEqual([report.status, upstream.acceptedSockets], [undefined, 0]);
  });
});
