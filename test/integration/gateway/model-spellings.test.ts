import assert from 'node:assert/strict';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';

describe('Gateway: spellings of model names', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    const { baseUrl } = upstream;
    trial = await startGateway({
      providers: {
        acme: {
          kind: 'openai-compatible',
          baseUrl,
          models: { list: ['Qwen/Small'], deny: ['llama3*'] },
          builtInTools: ['advisor'],
        },
        fenced: {
          kind: 'openai-compatible',
          baseUrl,
          models: { allow: ['GPT-5'] },
          builtInTools: ['advisor'],
        },
      },
    });
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const say = async (model: string, fields: object = {}) => {
    const body = chatBody({ model, ...fields });
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
    it(`refuses ${JSON.stringify(model)} as another spelling of a denied model`, async () => {
      assert.deepEqual(await say(`acme/${model}`), [400, 'policy']);
      assert.equal(upstream.seen.length, 0);
    });
  }

  it('refuses a tool that calls a model which policy does not allow', async () => {
    const ask = async (model: string, tool: string) => {
      const tools = [{ type: 'advisor_20260301', name: 'advisor', model: tool }];
      return say(model, { tools });
    };
    assert.deepEqual(await ask('acme/small', 'LLAMA3:70b'), [400, 'policy']);
    assert.deepEqual(await ask('fenced/gpt-5', 'gpt-5-pro'), [400, 'policy']);
    assert.equal(upstream.seen.length, 0);
    assert.deepEqual(await ask('fenced/gpt-5', 'GPT-5'), [200, undefined]);
  });

  it('sends and counts a listed model in the spelling of the list', async () => {
    for (const model of ['acme/Qwen/Small', 'acme/QWEN/small', 'acme/models/qwen/small ', 'qwen/SMALL'])
      assert.deepEqual(await say(model), [200, undefined]);
    assert.deepEqual(new Set(sentModels()), new Set(['Qwen/Small']));
    assert.deepEqual(new Set(countedModels()), new Set(['Qwen/Small']));
  });

  it('sends an unlisted model as the client spells it and counts all spellings as one', async () => {
    await say('acme/Meta/Big');
    await say('acme/meta/BIG');
    assert.deepEqual(sentModels(), ['Meta/Big', 'meta/BIG']);
    assert.deepEqual(countedModels(), ['meta/big', 'meta/big']);
  });

  it('allows every spelling of a model on an allow list', async () => {
    assert.deepEqual(await say('fenced/gpt-5'), [200, undefined]);
    assert.deepEqual(await say('fenced/gpt-5-mini'), [400, 'policy']);
  });
});
