import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial, type TrialSettings } from '../../support/gateway.ts';

const { begin, chatEvents, goodAnswer, stall, write } = upstreams;
const chat = '/v1/chat/completions';
const partly = goodAnswer.slice(0, 2);

describe('Gateway: start, stop and disconnects', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
    assert.equal(trial.ledger.open.size, 0, 'every hold is settled');
  });

  const start = async (options: TrialSettings['options'] = {}) => {
    const providers = { acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } };
    trial = await startGateway({ providers, options });
  };
  const say = () => ask(trial.origin, chat, { token: trial.token, body: chatBody() });
  /** A request whose answer nobody reads yet. */
  const open = (body = chatBody()) => {
    const headers = { authorization: `Bearer ${trial.token}`, 'content-type': 'application/json' };
    const request = http.request(trial.origin + chat, { method: 'POST', headers, agent: false });
    request.on('error', () => undefined);
    request.end(JSON.stringify(body));
    return request;
  };
  const responseTo = async (request: http.ClientRequest) =>
    (await once(request, 'response')) as [http.IncomingMessage];

  for (const [when, behaviour, body] of [
    ['before the first content', upstreams.silence, chatBody()],
    ['in the middle of an answer', stall(partly), chatBody()],
    ['before an answer that does not stream', upstreams.silence, chatBody({ stream: false })],
  ] as const) {
    it(`aborts the request to the provider when a client leaves ${when}`, async () => {
      await start();
      upstream.script(behaviour);
      const request = open(body);
      const { closed } = await upstream.request(0);
      if (when === 'in the middle of an answer') await responseTo(request);
      request.destroy();
      // How soon is measured in the proof.
      await closed;
      await trial.gateway.stop();
      assert.deepEqual(
        trial.ledger.records.map(({ outcome }) => outcome),
        ['aborted'],
      );
    });
  }

  it('reads from the provider no faster than its client reads', async () => {
    await start();
    const event = chatEvents.text('x'.repeat(64 * 1024));
    let sent = 0;
    upstream.script(async (exchange) => {
      await begin(exchange, partly);
      const left = once(exchange.response, 'close');
      for (let n = 0; n < 1_000 && !exchange.response.destroyed; n++) {
        await Promise.race([write(exchange.response, event), left]);
        sent += event.length;
      }
    });
    const request = open();
    const [response] = await responseTo(request);
    response.pause();
    let before = -1;
    while (sent !== before) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    // What the sockets of four ends hold, and no more: the rest of 64 MB waits upstream.
    assert.ok(sent < 24 * 1024 * 1024, `${sent} bytes`);
    request.destroy();
    await upstream.idle();
  });

  it('waits for nothing when it is stopped with no call in progress', async () => {
    const longerThanAnyTest = 2_000_000_000;
    await start({ drainMs: longerThanAnyTest });
    upstream.script(upstreams.answer(goodAnswer));
    assert.equal((await say()).status, 200);
    await trial.gateway.stop();
  });

  it('lets calls in progress end after a stop and accepts no new ones', async () => {
    await start();
    const { promise: ready, resolve: goOn } = Promise.withResolvers<undefined>();
    upstream.script(async (exchange) => {
      await begin(exchange, partly);
      await ready;
      exchange.response.end(goodAnswer.slice(2).join(''));
    });
    const answer = say();
    await upstream.request(0);
    const stopped = trial.gateway.stop();
    await assert.rejects(say(), /ECONNREFUSED/);
    goOn(undefined);
    assert.match((await answer).text, /\[DONE\]/);
    await stopped;
    assert.deepEqual(
      trial.ledger.records.map(({ outcome }) => outcome),
      ['done'],
    );
  });

  it('aborts and settles calls that take too long after a stop', async () => {
    await start({ drainMs: 100 });
    upstream.script(stall(partly));
    const request = open();
    await responseTo(request);
    // By itself the call would outlast this test.
    await trial.gateway.stop();
    assert.deepEqual(
      trial.ledger.records.map(({ outcome }) => outcome),
      ['aborted'],
    );
    await upstream.idle();
  });

  it('stops although clients keep idle connections open', async () => {
    // Longer than a test may take.
    await start({ drainMs: 600_000 });
    const agent = new http.Agent({ keepAlive: true });
    await new Promise((resolve, reject) => {
      http
        .get(`${trial.origin}/health`, { agent }, (response) => response.resume().once('end', resolve))
        .once('error', reject);
    });
    const mute = net.connect(trial.port, '127.0.0.1');
    await once(mute, 'connect');
    await trial.gateway.stop();
    agent.destroy();
    mute.destroy();
  });

  it('stops although a client never sends its body', async () => {
    await start({ drainMs: 1 });
    const headers = {
      authorization: `Bearer ${trial.token}`,
      'content-type': 'application/json',
      'content-length': 9,
      expect: '100-continue',
    };
    const request = http.request(trial.origin + chat, { method: 'POST', headers, agent: false });
    request.flushHeaders();
    // From here on it waits for the body.
    await once(request, 'continue');
    const answered = responseTo(request);
    await trial.gateway.stop();
    const [{ statusCode }] = await answered;
    assert.equal(statusCode, 503);
    request.destroy();
  });

  it('stops although the user does not answer a dialog', async () => {
    await start({ drainMs: 1 });
    const asked = Promise.withResolvers<undefined>();
    trial.answers.confirms = () => {
      asked.resolve(undefined);
      return new Promise(() => undefined);
    };
    const body = { provider: 'new', settings: { kind: 'openai' } };
    const token = await trial.tokenFor({ kind: 'management' });
    const answered = ask(trial.origin, '/api/llm/provider/configure', { token, body });
    await asked.promise;
    await trial.gateway.stop();
    assert.equal((await answered).code, 'stopping');
    assert.deepEqual(trial.saved, []);
  });

  it('answers many requests on one connection', async () => {
    await start();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let n = 0; n < 3; n++) {
      const headers = { authorization: `Bearer ${trial.token}` };
      const request = http.get(`${trial.origin}/v1/models`, { agent, headers });
      const [response] = await responseTo(request);
      ports.add(request.socket?.localPort);
      await once(response.resume(), 'end');
    }
    assert.equal(ports.size, 1);
    agent.destroy();
  });

  it('serves many clients at once, some of which disconnect, and counts each call', async () => {
    await start();
    upstream.script(upstreams.drip(goodAnswer, 200, 2));
    const good = Array.from({ length: 20 }, say);
    const leaving = Array.from({ length: 20 }, async () => {
      const request = open();
      await responseTo(request);
      request.destroy();
    });
    const answers = await Promise.all(good);
    await Promise.all(leaving);
    await trial.gateway.stop();
    assert.ok(answers.every(({ status, text }) => status === 200 && text.endsWith('data: [DONE]\n\n')));
    const outcomes = trial.ledger.records.map(({ outcome }) => outcome);
    assert.deepEqual(
      [outcomes.length, outcomes.filter((outcome) => outcome === 'done').length >= 20],
      [40, true],
    );
  });
});
