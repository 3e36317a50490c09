import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { goodAnthropicAnswer } from '../../support/dialect-events.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';
import { systemClock } from '../../../src/shared/clock.ts';

const { answer, goodAnswer, stall } = upstreams;

const protocols = [
  { name: 'chat completions', path: '/v1/chat/completions', model: 'acme/m', events: goodAnswer },
  { name: 'Messages', path: '/v1/messages', model: 'claude/c', events: goodAnthropicAnswer },
] as const;

/** A ledger that settles when the test lets it. */
class HeldLedger extends MemoryLedger {
  readonly asked = Promise.withResolvers<undefined>();
  readonly released = Promise.withResolvers<undefined>();

  override async settle(...args: Parameters<MemoryLedger['settle']>): Promise<void> {
    this.asked.resolve(undefined);
    await this.released.promise;
    await super.settle(...args);
  }
}

describe('Gateway: the end of a stream', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const start = async (ledger = new MemoryLedger(systemClock)) => {
    const { baseUrl } = upstream;
    const limits = { callsAtOnce: 1 };
    trial = await startGateway({
      providers: {
        acme: { kind: 'openai-compatible', baseUrl, models: { list: ['m'] }, limits },
        claude: { kind: 'anthropic-compatible', baseUrl, models: { list: ['c'] }, limits },
      },
      ports: { ledger },
    });
  };
  const begin = async (path: string, model: string): Promise<http.IncomingMessage> => {
    const request = http.request(new URL(path, trial.origin), {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${trial.token}` },
    });
    request.end(JSON.stringify(chatBody({ model, max_tokens: 9, stream_options: { include_usage: true } })));
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    return response.setEncoding('utf8');
  };

  for (const { name, path, model, events } of protocols) {
    const marker = events.at(-1) ?? '';
    const before = events.slice(0, -1).join('');
    /** Reads until this was received. */
    const receive = async (response: AsyncIterator<string>, wanted: string) => {
      let text = '';
      while (text.length < wanted.length) {
        const next = await response.next();
        assert.ok(next.done !== true, `the stream ended after ${text}`);
        text += next.value;
      }
      assert.equal(text, wanted);
    };

    for (const [how, behaviour] of [
      ['in one chunk', answer([events.join('')])],
      ['event by event', answer(events)],
      ['on a connection that stays open', stall(events)],
    ] as const) {
      it(`holds back only the end marker of ${name}, sent ${how}, until the call has settled`, async () => {
        const ledger = new HeldLedger(systemClock);
        await start(ledger);
        upstream.script(behaviour);
        const response = await begin(path, model);
        const iterator = response[Symbol.asyncIterator]() as AsyncIterator<string>;
        await receive(iterator, before);
        await ledger.asked.promise;
        for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
        assert.equal(response.readableLength, 0);
        ledger.released.resolve(undefined);
        await receive(iterator, marker);
        assert.equal((await iterator.next()).done, true);
      });
    }

    it(`lets a client of ${name} ask again as soon as it has the end marker`, async () => {
      await start();
      upstream.script(answer(events));
      for (let n = 1; n <= 20; n += 1) {
        const response = await begin(path, model);
        assert.equal(response.statusCode, 200);
        await receive(response[Symbol.asyncIterator]() as AsyncIterator<string>, events.join(''));
      }
    });
  }
});
