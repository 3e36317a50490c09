import assert from 'node:assert/strict';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';
import type { TokenSettings } from '../../../src/gateway/tokens/tokens.ts';

describe('Gateway: tokens with rules of their own', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    const { baseUrl } = upstream;
    trial = await startGateway({
      providers: { acme: { kind: 'openai-compatible', baseUrl, models: { list: ['small', 'big'] } } },
      routes: { best: ['acme/big'], cheap: ['acme/small'], 'gpt-*': ['acme/small'] },
    });
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const tokenWith = async (settings: TokenSettings) =>
    (await trial.book.issue({ kind: 'calls', tenant: 'work' }, settings)).token;
  const say = async (token: string, model: string) => {
    const { code, text, status } = await ask(trial.origin, '/v1/chat/completions', {
      token,
      body: chatBody({ model }),
    });
    return { code: code ?? status, text };
  };

  it('allow the listed models only, by the name asked and by each target', async () => {
    const token = await tokenWith({ name: 'one', models: ['cheap', 'small'] });
    assert.equal((await say(token, 'cheap')).code, 200);
    assert.equal((await say(token, 'acme/small')).code, 200);
    assert.equal((await say(token, 'small')).code, 200);
    for (const model of ['big', 'acme/big', 'acme/BIG', 'best', 'gpt-5']) {
      const { code, text } = await say(token, model);
      assert.equal(code, 'policy', model);
      assert.match(text, /The gateway token does not allow/);
    }
    assert.equal(upstream.seen.length, 3);
  });

  it('take patterns, with or without the provider', async () => {
    assert.equal((await say(await tokenWith({ name: 'a', models: ['sm*'] }), 'acme/small')).code, 200);
    assert.equal((await say(await tokenWith({ name: 'b', models: ['acme/*'] }), 'big')).code, 200);
    assert.equal((await say(await tokenWith({ name: 'c', models: ['other/*'] }), 'big')).code, 'policy');
  });

  it('list only the models that the token allows', async () => {
    const token = await tokenWith({ name: 'one', models: ['cheap', 'small'] });
    const { text } = await ask(trial.origin, '/v1/models', { token });
    const { data } = JSON.parse(text) as { data: { id: string }[] };
    assert.deepEqual(
      data.map(({ id }) => id),
      ['cheap', 'acme/small'],
    );
    assert.equal((await ask(trial.origin, '/v1/models/best', { token })).code, 'model_not_found');
  });

  it('name the token in the refusal of its cap, and do not limit another token', async () => {
    const token = await tokenWith({ name: 'Claude Code', caps: { requestsPerDay: 0 } });
    const { code, text } = await say(token, 'small');
    assert.equal(code, 'cap');
    assert.match(text, /0 requests a day for the token 'Claude Code'/);
    assert.equal((await say(trial.token, 'small')).code, 200);
  });

  it('end when they expire', async () => {
    const past = await tokenWith({ name: 'old', expiresMs: Date.now() - 1 });
    const later = await tokenWith({ name: 'new', expiresMs: Date.now() + 60_000 });
    assert.equal((await say(past, 'small')).code, 'wrong_token');
    assert.equal((await say(later, 'small')).code, 200);
  });

  it('are replaced by a token of the same name only', async () => {
    const first = await tokenWith({ name: 'one' });
    const other = await tokenWith({ name: 'two' });
    const second = await tokenWith({ name: 'one' });
    const codes = await Promise.all([first, other, second, trial.token].map((token) => say(token, 'small')));
    assert.deepEqual(
      codes.map(({ code }) => code),
      ['wrong_token', 200, 200, 200],
    );
  });

  it('give the tool of the token as the caller of the call', async () => {
    await say(await tokenWith({ name: 'one', tool: 'codex' }), 'small');
    assert.equal(trial.ledger.records.at(-1)?.caller, 'codex');
    assert.notEqual(trial.ledger.records.at(-1)?.token, undefined);
  });
});
