import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Call, Part } from '../../../../src/guard/call.ts';
import type { CallResult } from '../../../../src/guard/call-state.ts';
import type { Guard } from '../../../../src/guard/guard.ts';
import { noUsage } from '../../../../src/guard/usage-tally.ts';
import { ResponseOwners } from '../../../../src/gateway/requests/response-owners.ts';
import { gatewayLimits } from '../../../../src/shared/limits.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const target = { provider: 'acme', model: 'm' };
const usage = { ...noUsage, requests: 1, inputTokens: 100, outputTokens: 20 } as const;
const done: CallResult = { kind: 'done', target, attempts: 1, timings: {}, usage };
const failed: CallResult = {
  ...{ kind: 'failed', target, attempts: 1, timings: {} },
  ...{ failure: { kind: 'cut', problem: () => 'cut' }, afterContent: true },
};

function guardThatAnswers(texts: readonly string[], result: CallResult): Pick<Guard, 'run'> {
  return {
    run: async function* () {
      for (const text of texts)
        yield await Promise.resolve({ type: 'bytes', bytes: Buffer.from(text), tokens: 1, target } as const);
      return result;
    },
  };
}

async function drain(parts: AsyncGenerator<Part, CallResult, void>): Promise<string[]> {
  const seen: string[] = [];
  for await (const part of parts) if (part.type === 'bytes') seen.push(Buffer.from(part.bytes).toString());
  return seen;
}

describe('ResponseOwners', () => {
  const call = { tenant: 'a' } as Call;
  const run = async (texts: readonly string[], result: CallResult = done, clock = new FakeClock(0)) => {
    const owners = new ResponseOwners(clock);
    const seen = await drain(owners.watching(guardThatAnswers(texts, result)).run(call));
    assert.deepEqual(seen, texts);
    return owners;
  };

  it('remembers the response of a stream and of an answer in one piece, with its tokens', async () => {
    const event = { type: 'response.created', response: { id: 'resp_1', object: 'response' } };
    const streamed = await run([
      'event: response.created\n',
      `data: ${JSON.stringify(event)}\n\n`,
      '"id":"msg"',
    ]);
    assert.equal(streamed.tokensOf('a', 'resp_1'), 120);
    assert.equal(streamed.tokensOf('a', 'msg'), undefined);
    const whole = await run([JSON.stringify({ id: 'resp_2', object: 'response' }, null, 2)]);
    assert.equal(whole.tokensOf('a', 'resp_2'), 120);
  });

  it('does not remember a response that failed', async () => {
    assert.equal((await run(['{"id":"resp_1"}'], failed)).tokensOf('a', 'resp_1'), undefined);
  });

  it('forgets a response after an hour', async () => {
    const clock = new FakeClock(0);
    const owners = await run(['{"id":"resp_1"}'], done, clock);
    await clock.advance(gatewayLimits.responseMs - 1);
    assert.equal(owners.tokensOf('a', 'resp_1'), 120);
    await clock.advance(1);
    assert.equal(owners.tokensOf('a', 'resp_1'), undefined);
  });

  it('keeps a bounded number of responses, the newest ones', () => {
    const owners = new ResponseOwners(new FakeClock(0));
    for (let at = 0; at <= gatewayLimits.knownResponses; at++) owners.remember('a', `resp_${at}`, 1);
    assert.equal(owners.tokensOf('a', 'resp_0'), undefined);
    assert.equal(owners.tokensOf('a', 'resp_1'), 1);
  });

  it('never lets a tenant continue the response of another one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (left, right, id, other) => {
        fc.pre(left !== right || id !== other);
        const owners = new ResponseOwners(new FakeClock(0));
        owners.remember(left, id, 1);
        assert.equal(owners.tokensOf(right, other), undefined);
        assert.equal(owners.tokensOf(left, id), 1);
      }),
    );
  });
});
