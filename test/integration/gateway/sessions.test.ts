import assert from 'node:assert/strict';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';
import { sessionLimits } from '../../../src/shared/limits.ts';

describe('Gateway: sessions of tools', () => {
  let upstream: upstreams.FaultUpstream;
  let trial: GatewayTrial;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    trial = await startGateway({
      providers: { acme: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } },
    });
  });
  afterEach(async () => {
    await trial.gateway.stop();
    await upstream.close();
    assert.deepEqual(trial.troubles, []);
  });

  const say = async (session: string, fields: object = {}) => {
    const headers = { 'x-session-id': session };
    const body = chatBody(fields);
    const { code, status } = await ask(trial.origin, '/v1/chat/completions', {
      token: trial.token,
      headers,
      body,
    });
    return code ?? status;
  };

  it('keep a hash of their name in the audit row, and send the name nowhere', async () => {
    await say('my-session');
    await say('my-session');
    await say('other');
    const [first, second, third] = trial.ledger.records.map(({ session }) => session);
    assert.match(first ?? '', /^[\w-]{12}$/);
    assert.equal(first, second);
    assert.notEqual(first, third);
    assert.ok(!JSON.stringify(trial.ledger.records).includes('my-session'));
    assert.equal(upstream.seen[0]?.headers['x-session-id'], undefined);
  });

  it('are reported if they run in a loop, and refused while they are paused', async () => {
    for (let sent = 0; sent < sessionLimits.repeats; sent++) assert.equal(await say('loop'), 200);
    assert.equal(trial.runaways.length, 1);
    trial.runaways[0]?.pause();
    assert.equal(await say('loop'), 'paused');
    assert.equal(await say('other'), 200);
    trial.runaways[0]?.resume();
    assert.equal(await say('loop'), 200);
  });

  it('are not reported if the provider fails', async () => {
    upstream.script(upstreams.reply(400, { error: { message: 'no' } }));
    for (let sent = 0; sent < 2 * sessionLimits.repeats; sent++) await say('loop');
    assert.equal(trial.runaways.length, 0);
  });
});
