import assert from 'node:assert/strict';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';

describe("a model's other spellings at the gateway", () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    const { baseUrl } = upstream;
    trial = await startGateway({
      providers: {
        acme: { kind: 'openai-compatible', baseUrl, models: { list: ['Qwen/Small'], deny: ['llama3*'] } },
        fenced: { kind: 'openai-compatible', baseUrl, models: { allow: ['GPT-5'] } },
      },
    });
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const say = async (model: string) => {
    const body = chatBody({ model });
    const { status, code } = await ask(trial.origin, '/v1/chat/completions', { token: trial.token, body });
    return [status, code];
  };
  const sentModels = () => upstream.seen.map(({ body }) => (JSON.parse(body) as { model: string }).model);
  const countedModels = () => trial.ledger.records.map(({ model }) => model);

  for (const model of [
    'llama3',
    'LLAMA3',
    'Llama3:70b',
    ' llama3',
    'llama3 ',
    'models/llama3',
    'Models/LLAMA3',
    'llama3\0',
    'llama%33',
    'lla\u200bma3',
    'ｌｌａｍａ３',
    'x llama3',
    'x\tllama3',
  ]) {
    it(`are refused with a denied model: ${JSON.stringify(model)}`, async () => {
      assert.deepEqual(await say(`acme/${model}`), [403, 'policy']);
      assert.equal(upstream.seen.length, 0);
    });
  }

  it('are sent in the spelling of the list, and counted in it', async () => {
    for (const model of ['acme/Qwen/Small', 'acme/QWEN/small', 'acme/models/qwen/small ', 'qwen/SMALL'])
      assert.deepEqual(await say(model), [200, undefined]);
    assert.deepEqual(new Set(sentModels()), new Set(['Qwen/Small']));
    assert.deepEqual(new Set(countedModels()), new Set(['Qwen/Small']));
  });

  it('are sent as they are, but counted as one, if no list has them', async () => {
    await say('acme/Meta/Big');
    await say('acme/meta/BIG');
    assert.deepEqual(sentModels(), ['Meta/Big', 'meta/BIG']);
    assert.deepEqual(countedModels(), ['meta/big', 'meta/big']);
  });

  it('pass an allow list that has one of them', async () => {
    assert.deepEqual(await say('fenced/gpt-5'), [200, undefined]);
    assert.deepEqual(await say('fenced/gpt-5-mini'), [403, 'policy']);
  });
});
