import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import { inspect } from 'node:util';
import { defaultGatewayOptions } from '../../../src/gateway/gateway.ts';
import { tokenPrefix } from '../../../src/gateway/tokens/tokens.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial, type TrialSettings } from '../../support/gateway.ts';
import { converse, head } from '../../support/raw-http.ts';

const chat = '/v1/chat/completions';

describe('Gateway: attacks', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    trial = await start();
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const start = (options: TrialSettings['options'] = {}, more: Partial<TrialSettings> = {}) =>
    startGateway({
      providers: { acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } },
      options,
      ...more,
    });
  const restart = async (options: TrialSettings['options'], more: Partial<TrialSettings> = {}) => {
    await trial.gateway.stop();
    trial = await start(options, more);
  };
  const authorization = () => `Authorization: Bearer ${trial.token}`;
  const statusOf = (text: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
  const get = async (...headers: readonly string[]) => {
    const { text } = await converse(
      trial.port,
      head(trial.port, 'GET /v1/models HTTP/1.1', authorization(), ...headers),
    );
    return { status: statusOf(text), text, code: /"code":"(\w+)"/.exec(text)?.[1] };
  };

  it('answers requests for 127.0.0.1 and localhost', async () => {
    assert.equal((await get()).status, 200);
    assert.equal((await get(`Host: localhost:${trial.port}`)).status, 200);
  });

  for (const [what, headers] of [
    ['another host name, as in DNS rebinding', ['Host: evil.test:1']],
    ['the right host name with another port', ['Host: 127.0.0.1:1']],
    ['a host name without a port', ['Host: localhost']],
    ['an empty host name', ['Host:']],
    ['two host names', ['Host: 127.0.0.1:1', 'Host: evil.test']],
  ] as const) {
    it(`refuses ${what} with 403`, async () => {
      const { status, code } = await get(...headers);
      assert.deepEqual([status, code], [403, 'wrong_host']);
    });
  }

  it('refuses two Host headers with the right name, and a request without one', async () => {
    const host = `Host: 127.0.0.1:${trial.port}`;
    assert.equal((await get(host, host)).status, 403);
    const { text } = await converse(trial.port, `GET /health HTTP/1.1\r\nConnection: close\r\n\r\n`);
    assert.equal(statusOf(text), 403);
  });

  for (const header of [
    'Origin: http://evil.test',
    'Origin: null',
    'Origin: vscode-webview://x',
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Site: same-origin',
  ]) {
    it(`refuses '${header}' with 403 and sends no CORS header`, async () => {
      const { status, code, text } = await get(header);
      assert.deepEqual([status, code], [403, 'browser']);
      assert.doesNotMatch(text, /access-control/i);
    });
  }

  it('refuses a CORS preflight', async () => {
    const request = head(
      trial.port,
      `OPTIONS ${chat} HTTP/1.1`,
      'Origin: http://evil.test',
      'Access-Control-Request-Method: POST',
    );
    const { text } = await converse(trial.port, request);
    assert.equal(statusOf(text), 403);
    assert.doesNotMatch(text, /access-control/i);
  });

  it('accepts the request of a browser for a typed address', async () => {
    assert.equal((await get('Sec-Fetch-Site: none')).status, 200);
  });

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    '',
    'application/jsonp',
  ]) {
    it(`refuses a body of the type '${type}'`, async () => {
      const headers = { 'content-type': type };
      const { status } = await ask(trial.origin, chat, { token: trial.token, headers, body: chatBody() });
      assert.deepEqual([status, upstream.seen.length], [415, 0]);
    });
  }

  it('refuses a body with a content-encoding', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const { status } = await ask(trial.origin, chat, { token: trial.token, headers, body: chatBody() });
    assert.equal(status, 415);
  });

  for (const [what, token] of [
    ['no token', undefined],
    ['a wrong token', `${tokenPrefix}${'A'.repeat(43)}`],
    ['a token of another length', 'x'],
  ] as const) {
    it(`answers 401 for ${what} before the body arrives`, async () => {
      const line = token === undefined ? [] : [`Authorization: Bearer ${token}`];
      const request = head(
        trial.port,
        `POST ${chat} HTTP/1.1`,
        ...line,
        'Content-Type: application/json',
        'Content-Length: 1000',
      );
      const { text } = await converse(trial.port, request.replace('Connection: close\r\n', ''));
      assert.equal(statusOf(text), 401);
      // The client wanted to keep it: what comes of the body then is never taken for a request.
      assert.match(text, /^connection: close\r$/im);
    });
  }

  it('sends no 100-continue before it has checked the token', async () => {
    const headers = ['Content-Type: application/json', 'Content-Length: 9', 'Expect: 100-continue'];
    const { text } = await converse(trial.port, head(trial.port, `POST ${chat} HTTP/1.1`, ...headers));
    assert.equal(statusOf(text), 401);
    const good = await converse(
      trial.port,
      head(trial.port, `POST ${chat} HTTP/1.1`, authorization(), ...headers),
      '{"a":1.0}',
    );
    assert.match(good.text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 400/);
  });

  it('does not reveal paths to clients without a token', async () => {
    const answers = await Promise.all(['/v1/models', '/nowhere'].map((path) => ask(trial.origin, path)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 401],
    );
  });

  for (const key of [`sk-proj-${'aB3x_Y7-'.repeat(12)}`, `gsk_${'Zz9'.repeat(17)}a`]) {
    it(`says that ${key.slice(0, 4)}… is a provider's key, and does not repeat it`, async () => {
      const { status, text } = await ask(trial.origin, '/v1/models', { token: key });
      assert.equal(status, 401);
      assert.match(text, /This looks like a provider's key. Send a gateway token instead/);
      assert.ok(!text.includes(key));
    });
  }

  it('does not take a revoked token for the key of a provider', async () => {
    const { text } = await ask(trial.origin, '/v1/models', { token: tokenPrefix + 'a1B2'.repeat(11) });
    assert.match(text, /The token is not valid/);
  });

  it('accepts a token in the header of either protocol until it is revoked', async () => {
    const asked = () => ask(trial.origin, '/v1/models', { headers: { 'x-api-key': trial.token } });
    assert.equal((await asked()).status, 200);
    const [row] = await trial.book.all();
    await trial.book.revoke(row?.id ?? '');
    assert.equal((await asked()).status, 401);
  });

  it('refuses a token in the URL and does not repeat it', async () => {
    for (const path of [
      `/v1/models?x=${trial.token}`,
      `/v1/models?x=${trial.token.replace('_', '%5F')}`,
      `/v1/models?x=${trial.token.replace('c', '%2563')}`,
      '/v1/models?api_key=abc',
      '/v1/models?Access_Token=abc',
      '/v1/models?x-api-key=abc',
      '/v1/models?Authorization=abc',
      '/v1/models?%6bey=abc',
    ]) {
      const { status, code, text } = await ask(trial.origin, path, { token: trial.token });
      assert.deepEqual([status, code], [400, 'token_in_url']);
      assert.ok(!text.includes(trial.token));
    }
    assert.equal((await ask(trial.origin, '/v1/models?beta=true', { token: trial.token })).status, 200);
  });

  it('refuses two Authorization headers and two different tokens', async () => {
    assert.deepEqual(
      [(await get(authorization())).status, (await get('Authorization: Bearer x')).code],
      [400, 'two_tokens'],
    );
    assert.equal((await get('X-Api-Key: another')).status, 400);
    assert.equal((await get(`X-Api-Key: ${trial.token}`)).status, 200);
    const key = `X-Api-Key: ${trial.token}`;
    const { text } = await converse(trial.port, head(trial.port, 'GET /v1/models HTTP/1.1', key, key));
    assert.equal(statusOf(text), 400);
  });

  for (const target of ['http://127.0.0.1/v1/models', 'http://evil.test/v1/models', '*']) {
    it(`refuses the request target ${target}`, async () => {
      const method = target === '*' ? 'OPTIONS' : 'GET';
      const { text } = await converse(
        trial.port,
        head(trial.port, `${method} ${target} HTTP/1.1`, authorization()),
      );
      assert.equal(statusOf(text), 400);
    });
  }

  it('opens no tunnel', async () => {
    const { text } = await converse(
      trial.port,
      head(trial.port, 'CONNECT evil.test:443 HTTP/1.1', authorization()),
    );
    assert.doesNotMatch(text, /HTTP\/1\.1 2/);
  });

  for (const many of [300, 1_100, 2_100]) {
    it(`refuses an Origin behind ${many} headers, which Node.js may drop`, async () => {
      const headers = [...Array.from({ length: many }, () => 'a:'), 'Origin: https://evil.test'];
      const { text } = await converse(
        trial.port,
        head(trial.port, 'GET /v1/models HTTP/1.1', authorization(), ...headers),
      );
      assert.equal(statusOf(text), 431);
    });
  }

  it('takes a request with a hundred headers', async () => {
    const headers = Array.from({ length: 100 }, (_, n) => `x-${n}: 1`);
    const { text } = await converse(
      trial.port,
      head(trial.port, 'GET /v1/models HTTP/1.1', authorization(), ...headers),
    );
    assert.equal(statusOf(text), 200);
  });

  it('refuses every upgrade', async () => {
    const request = head(
      trial.port,
      'GET /v1/models HTTP/1.1',
      authorization(),
      'Upgrade: websocket',
    ).replace('close', 'Upgrade');
    const { text } = await converse(trial.port, request);
    assert.equal(statusOf(text), 400);
  });

  describe('body size', () => {
    beforeEach(() => restart({ maxBodyBytes: 1_000 }));

    it('answers 413 if the announced length is too large', async () => {
      const body = chatBody({ user: 'x'.repeat(1_000) });
      const { status, code } = await ask(trial.origin, chat, { token: trial.token, body });
      assert.deepEqual([status, code, upstream.seen.length], [413, 'too_large', 0]);
    });

    it('answers 413 while a chunked body is still arriving', async () => {
      const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
      const { text } = await converse(
        trial.port,
        head(trial.port, `POST ${chat} HTTP/1.1`, authorization(), ...headers),
        `3e9\r\n${'x'.repeat(1_001)}\r\n`,
      );
      assert.equal(statusOf(text), 413);
    });
  });

  it('takes the largest body from the settings, and refuses a larger one', async () => {
    await restart({}, { maxBodyBytes: 2_000 });
    const send = (length: number) =>
      ask(trial.origin, chat, { token: trial.token, body: chatBody({ user: 'x'.repeat(length) }) });
    assert.equal((await send(1_000)).status, 200);
    assert.deepEqual([(await send(2_000)).code, upstream.seen.length], ['too_large', 1]);
  });

  it('closes a connection whose headers do not arrive in time', async () => {
    await restart({ headersMs: 300 });
    const began = performance.now();
    const { text, closedMs } = await converse(trial.port, 'GET /v1/models HTTP/1.1\r\nX: ');
    assert.equal(statusOf(text), 408);
    assert.ok(closedMs - began < defaultGatewayOptions.headersMs, `${closedMs - began} ms`);
  });

  it('answers 408 for a body that does not arrive in time', async () => {
    await restart({ bodyMs: 100 });
    const headers = ['Content-Type: application/json', 'Content-Length: 100'];
    const request = head(trial.port, `POST ${chat} HTTP/1.1`, authorization(), ...headers);
    const { text } = await converse(trial.port, request, '{"model":');
    assert.deepEqual([statusOf(text), /"code":"(\w+)"/.exec(text)?.[1]], [408, 'slow_body']);
  });

  it('limits the number of connections', async () => {
    await restart({ maxConnections: 2 });
    const open = await Promise.all(
      [1, 2].map(
        () =>
          new Promise<net.Socket>((resolve) => {
            const socket = net.connect(trial.port, '127.0.0.1', () => {
              resolve(socket);
            });
          }),
      ),
    );
    const { text } = await converse(trial.port, head(trial.port, 'GET /health HTTP/1.1'));
    assert.equal(text, '');
    for (const socket of open) socket.destroy();
  });

  it('refuses a request that could be read as two', async () => {
    const smuggled = head(
      trial.port,
      `POST ${chat} HTTP/1.1`,
      authorization(),
      'Content-Type: application/json',
      'Content-Length: 4',
      'Transfer-Encoding: chunked',
    );
    const { text } = await converse(trial.port, smuggled, '0\r\n\r\n');
    assert.equal(statusOf(text), 400);
  });

  for (const version of ['HTTP/2.0', 'HTTP/0.9', '']) {
    it(`refuses a request line with the version '${version}'`, async () => {
      const line = `GET /v1/models ${version}`.trimEnd();
      const { text } = await converse(trial.port, head(trial.port, line, authorization()));
      assert.equal(statusOf(text), 505);
    });
  }

  for (const coding of ['gzip, chunked', 'chunked, chunked', 'identity']) {
    it(`refuses the transfer coding '${coding}'`, async () => {
      const headers = ['Content-Type: application/json', `Transfer-Encoding: ${coding}`];
      const { text } = await converse(
        trial.port,
        head(trial.port, `POST ${chat} HTTP/1.1`, authorization(), ...headers),
        '2\r\n{}\r\n0\r\n\r\n',
      );
      assert.ok([400, 501].includes(statusOf(text)), text);
    });
  }

  it('listens only on 127.0.0.1', async () => {
    const others = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
    const addresses = [
      '127.0.0.2',
      ...others
        .filter(({ internal, family }) => !internal && family === 'IPv4')
        .map(({ address }) => address),
    ];
    for (const address of addresses) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = net.connect({ port: trial.port, host: address, timeout: 500 });
        const end = (value: boolean) => {
          socket.destroy();
          resolve(value);
        };
        socket
          .once('connect', () => {
            end(true);
          })
          .once('error', () => {
            end(false);
          })
          .once('timeout', () => {
            end(false);
          });
      });
      assert.equal(reached, false, address);
    }
  });

  it('names a port that another program uses and does not disturb that program', async () => {
    const stranger = http.createServer((_, response) => response.end('a stranger'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as net.AddressInfo;
    await assert.rejects(start({ port }), new RegExp(`Port ${port} is in use`));
    assert.equal((await ask(`http://127.0.0.1:${port}`, '/health')).text, 'a stranger');
    stranger.close();
  });

  it('does not send the key to the target of a redirect', async () => {
    const elsewhere = await upstreams.startFaultUpstream();
    upstream.script(upstreams.reply(307, '', { location: `${elsewhere.baseUrl}/chat/completions` }));
    const { status } = await ask(trial.origin, chat, { token: trial.token, body: chatBody() });
    assert.deepEqual([status, elsewhere.seen.length], [502, 0]);
    await elsewhere.close();
  });

  it("does not send the client's own headers to the provider", async () => {
    const headers = {
      cookie: 'session=1',
      'x-forwarded-for': '1.2.3.4',
      'openai-organization': 'org',
      'x-stainless-os': 'Linux',
    };
    await ask(trial.origin, chat, { token: trial.token, headers, body: chatBody() });
    const seen = await upstream.request(0);
    assert.doesNotMatch(JSON.stringify(seen.headers), /session|1\.2\.3\.4|org|Linux|callguard_/);
  });

  it('keeps prompt and reply out of output, errors and records', async () => {
    const said: unknown[] = [];
    const writes = (['stdout', 'stderr'] as const).map((name) => {
      const stream = process[name];
      const write = stream.write.bind(stream);
      stream.write = (chunk: unknown) => said.push(chunk) > 0;
      return () => {
        stream.write = write;
      };
    });
    const partly = [upstreams.chatEvents.text('the-reply')];
    upstream.script(
      upstreams.answer([...partly, upstreams.chatEvents.done]),
      upstreams.breakOff(partly),
      upstreams.answer([...partly, 'data: {the-reply\n\n']),
      upstreams.reply(400, 'no'),
    );
    const content = 'the-prompt';
    const body = chatBody({ messages: [{ role: 'user', content }] });
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await ask(trial.origin, chat, { token: trial.token, body }));
    answers.push(await ask(trial.origin, chat, { token: trial.token, body: `{"the-prompt": the-prompt` }));
    answers.push(await ask(trial.origin, chat, { token: trial.token, body: chatBody({ n: 'the-prompt' }) }));
    for (const restore of writes) restore();
    assert.doesNotMatch(
      inspect([said, trial.troubles, trial.ledger.records], { depth: 9 }),
      /the-(prompt|reply)/,
    );
    assert.ok(answers.every(({ text }) => !text.includes('the-prompt')));
  });
});
