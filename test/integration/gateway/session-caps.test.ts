import assert from 'node:assert/strict';
import path from 'node:path';
import { systemClock } from '../../../src/shared/clock.ts';
import { openTestLedger } from '../../support/open-ledger.ts';
import { folder, letGoAfterEach } from '../ledger/ledger-fixture.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { ask, chatBody, startGateway } from '../../support/gateway.ts';

describe('Gateway: caps of sessions', () => {
  letGoAfterEach();

  it('refuse a session that used its share, and no other session, token or client without one', async () => {
    const upstream = await upstreams.startFaultUpstream();
    const { ledger, dispose } = await openTestLedger(path.join(folder(), 'ledger.db'), {
      clock: systemClock,
    });
    const { baseUrl } = upstream;
    const trial = await startGateway({
      providers: {
        acme: {
          kind: 'openai-compatible',
          baseUrl,
          models: { list: ['m'] },
          limits: { tokensPerSession: 5_000 },
        },
      },
      ports: { ledger },
    });
    const say = async (token: string, headers: Record<string, string>, tokens = 10) => {
      const body = chatBody({ max_tokens: tokens });
      return ask(trial.origin, '/v1/chat/completions', { token, headers, body });
    };
    const usage = { prompt_tokens: 4_000, completion_tokens: 900 };
    upstream.script(
      upstreams.reply(200, { choices: [{ message: { content: 'x' }, finish_reason: 'stop' }], usage }),
    );
    const one = { 'x-session-id': 'one' };
    assert.equal((await say(trial.token, one)).status, 200);
    const refused = await say(trial.token, one, 200);
    assert.deepEqual([refused.status, refused.code], [429, 'cap']);
    assert.match(refused.text, /5,000 tokens a session for this session: 4,900 used\. Start a new session/);
    assert.equal(refused.headers['x-ratelimit-limit-tokens'], '5000');
    assert.equal(refused.headers['retry-after'], undefined);
    const shown = await say(trial.token, { ...one, 'user-agent': 'QwenCode/0.24' }, 200);
    assert.equal(shown.status, 402);
    assert.equal((await say(trial.token, { 'x-session-id': 'two' }, 200)).status, 200);
    assert.equal((await say(trial.token, {}, 200)).status, 200);
    const other = (await trial.book.issue({ kind: 'calls', tenant: 'work' }, { name: 'other' })).token;
    assert.equal((await say(other, one, 200)).status, 200);
    await trial.gateway.stop();
    await upstream.close();
    dispose();
    assert.deepEqual(trial.troubles, []);
  });
});
