import assert from 'node:assert/strict';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';

describe('Gateway: pattern routes', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    const provider = { kind: 'openai-compatible', baseUrl: upstream.baseUrl };
    trial = await startGateway({
      providers: {
        listed: { ...provider, models: { list: ['claude-one', 'gpt-one', 'vendor/claude-two'] } },
        open: { ...provider, models: { allow: ['claude-*'], deny: ['*-denied'], default: 'deny' } },
        off: { ...provider, enabled: false },
        wide: { ...provider, models: { allow: ['*'] } },
      },
      routes: {
        'claude-*': ['listed/*'],
        'claude-open*': ['open/*'],
        'two-*': ['listed/vendor/*'],
        'off-*': ['off/*'],
        'wide-*': ['wide/*'],
        'both-*': ['listed/claude-one', 'open/*'],
        'fixed-*': ['listed/claude-one'],
        'gpt-one*': ['listed/claude-one'],
        'claude-exact': ['listed/gpt-one'],
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
    const { status, code, headers } = await ask(trial.origin, '/v1/chat/completions', {
      token: trial.token,
      body,
    });
    return code ?? (status === 200 ? headers['x-callguard-model'] : status);
  };

  it('serve a name that the provider lists, and name what served', async () => {
    assert.equal(await say('claude-one'), 'listed/claude-one');
    assert.equal(await say('fixed-anything'), 'listed/claude-one');
    assert.equal(await say('Fixed-Anything'), 'listed/claude-one');
    assert.deepEqual(
      trial.ledger.records.map(({ route, provider, model }) => [route, provider, model]),
      [
        [undefined, 'listed', 'claude-one'],
        ['fixed-*', 'listed', 'claude-one'],
        ['fixed-*', 'listed', 'claude-one'],
      ],
    );
  });

  it('serve an unlisted name only if the provider allows it and denies by default', async () => {
    assert.equal(await say('claude-open-9'), 'open/claude-open-9');
    assert.equal(await say('claude-nine'), 'model_not_found');
    assert.equal(await say('wide-one'), 'model_not_found');
    assert.equal(upstream.seen.length, 1);
  });

  it('never lead to a denied model, in any spelling', async () => {
    for (const model of ['claude-open-denied', 'Claude-Open-DENIED', 'claude-open-denied ', 'both-denied'])
      assert.equal(await say(model), 'policy', model);
    assert.equal(await say('claude-open-d%65nied'), 'model_not_found');
    assert.equal(upstream.seen.length, 0);
  });

  it('come after a whole name, a route, and a bare ID of one provider', async () => {
    assert.equal(await say('listed/claude-one'), 'listed/claude-one');
    assert.equal(await say('claude-exact'), 'listed/gpt-one');
    assert.equal(await say('gpt-one'), 'listed/gpt-one');
    assert.equal(await say('gpt-one-more'), 'listed/claude-one');
  });

  it('give the refusal of a disabled provider as the answer', async () => {
    assert.equal(await say('off-x'), 'provider_settings');
    assert.equal(await say('off/x'), 'provider_settings');
  });

  it('are in no list of models', async () => {
    const { text } = await ask(trial.origin, '/v1/models', { token: trial.token });
    assert.ok(text.includes('"claude-exact"'), text);
    assert.ok(!text.includes('*'), text);
  });
});
