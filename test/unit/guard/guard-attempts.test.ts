import assert from 'node:assert/strict';
import type { CallSource } from '../../../src/guard/call.ts';
import { bodyOf } from '../../support/request-body.ts';
import { defaultTimeouts } from '../../../src/guard/deadlines.ts';
import { defaultRetryOptions } from '../../../src/guard/retry.ts';
import type { Attempt } from '../../../src/guard/sender-port.ts';
import type { ProviderTarget } from '../../../src/providers/rules/resolver.ts';
import { ok } from '../../../src/shared/result.ts';
import {
  answer,
  callOf,
  complete,
  fail,
  guardWith,
  hear,
  lifecycle,
  silent,
  text,
  type Script,
} from '../../support/guard-fixture.ts';

const http = (status: number, retryAfterMs?: number): Script =>
  fail(
    { kind: 'http', status, message: 'no', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    status,
  );

describe('createGuard: attempts', () => {
  describe('retries', () => {
    it('has a retry budget that every call adds to', async () => {
      const retry = { ...defaultRetryOptions, budgetFloor: 0 };
      const attemptsAfter = async (calls: number) => {
        const fine = Array.from({ length: calls }, () => answer('fine'));
        const { guard, clock } = guardWith([...fine, http(503), answer('fine')], { retry });
        for (let n = 0; n < calls; n++) await hear(guard.run(callOf()));
        const heard = hear(guard.run(callOf()));
        await clock.advance(10_000);
        return (await heard).result.attempts;
      };
      // One retry in five attempts: those of three calls, of the one that failed, and its own.
      assert.deepEqual([await attemptsAfter(2), await attemptsAfter(3)], [1, 2]);
    });

    it('has one retry budget for a provider, whatever the source of a call', async () => {
      const retry = { ...defaultRetryOptions, retries: 1, budgetFloor: 1, budgetShare: 0 };
      const { guard, clock } = guardWith([http(503)], { retry });
      const attemptsOf = async (source: CallSource) => {
        const heard = hear(guard.run(callOf({ source })));
        await clock.advance(10_000);
        return (await heard).result.attempts;
      };
      assert.deepEqual([await attemptsOf('gateway'), await attemptsOf('editor')], [2, 1]);
    });

    it('repeats a failure before the first content and shows nothing of the failed attempt', async () => {
      const { guard, clock, ledger } = guardWith([http(503), answer('fine')]);
      const heard = hear(guard.run(callOf()));
      await clock.advance(10_000);
      const { parts, result } = await heard;
      assert.deepEqual(parts, [text('fine').part]);
      assert.equal(result.attempts, 2);
      assert.deepEqual(
        ledger.settlements.map(({ breakerVerdict: signal }) => signal),
        ['success'],
      );
    });

    it('does not repeat what may have used tokens if the caps are strict, because the hold is for one attempt', async () => {
      const cut = fail({ kind: 'cut', problem: () => 'no end marker' }, 200);
      for (const [failed, strict, attempts] of [
        [cut, false, 2],
        [cut, true, 1],
        [http(503), true, 2],
      ] as const) {
        const { guard, clock } = guardWith([failed, answer('fine')], { strict });
        const heard = hear(guard.run(callOf()));
        await clock.advance(10_000);
        assert.equal((await heard).result.attempts, attempts);
      }
    });

    it('never repeats after content has gone to the user', async () => {
      const cutAfterContent: Script = async function* () {
        await Promise.resolve();
        yield text('Once');
        return { outcome: { kind: 'cut', problem: () => 'no end marker' }, status: 200 };
      };
      const { guard, sender } = guardWith([cutAfterContent]);
      const heard = await hear(guard.run(callOf()));
      assert.equal(heard.text, 'Once');
      assert.equal(sender.attempts.length, 1);
      assert.equal(heard.result.kind === 'failed' && heard.result.afterContent, true);
    });

    it('makes at most two retries by default and reports to the breaker once', async () => {
      const { guard, clock, sender, ledger } = guardWith([http(500)]);
      const heard = hear(guard.run(callOf()));
      await clock.advance(60_000);
      assert.equal((await heard).result.kind, 'failed');
      assert.equal(sender.attempts.length, 3);
      assert.deepEqual(ledger.circuits.get('acme'), { kind: 'closed', generation: 0, failures: 1 });
    });

    it('waits at least as long as Retry-After says', async () => {
      const { guard, clock, sender } = guardWith([http(429, 20_000), answer('fine')]);
      const heard = hear(guard.run(callOf()));
      await clock.advance(19_999);
      assert.equal(sender.attempts.length, 1);
      await clock.advance(1_000);
      assert.equal((await heard).text, 'fine');
    });

    it('does not wait long for a call of the gateway, whose client can wait or show why', async () => {
      for (const [retryAfterMs, attempts] of [
        [4_000, 2],
        [4_001, 1],
      ] as const) {
        const { guard, clock, sender } = guardWith([http(429, retryAfterMs), answer('fine')]);
        const heard = hear(guard.run(callOf({ source: 'gateway' })));
        await clock.advance(20_000);
        await heard;
        assert.equal(sender.attempts.length, attempts);
      }
    });

    it('does not begin a wait that exceeds the deadline', async () => {
      const { guard, sender, ledger } = guardWith([http(429, 3_600_000), answer('never')]);
      const { result } = await hear(guard.run(callOf()));
      assert.equal(result.kind, 'failed');
      assert.equal(sender.attempts.length, 1);
      assert.deepEqual(
        ledger.settlements.map(({ breakerVerdict: signal }) => signal),
        ['answered'],
      );
    });

    it('pauses the model for as long as a 429 says', async () => {
      const { guard, ledger, clock } = guardWith([http(429, 3_600_000)]);
      await hear(guard.run(callOf()));
      const { result } = await hear(guard.run(callOf()));
      assert.deepEqual(result.kind === 'refused' && result.refusal, {
        kind: 'rest',
        provider: 'acme',
        model: 'small',
        retryAtMs: clock.nowMs() + 3_600_000,
      });
      assert.equal(ledger.open.size, 0);
    });

    for (const status of [400, 401, 403, 404, 413, 422]) {
      it(`does not repeat ${status} and does not count it as a failure of the provider`, async () => {
        const { guard, sender, ledger } = guardWith([http(status), answer('never')]);
        await hear(guard.run(callOf()));
        assert.equal(sender.attempts.length, 1);
        assert.deepEqual(
          ledger.settlements.map(({ breakerVerdict: signal }) => signal),
          ['answered'],
        );
      });
    }

    it('does not repeat a request that must not act twice if the provider may have acted on it', async () => {
      const { guard, sender } = guardWith([http(503), answer('never')]);
      await hear(guard.run(callOf({ idempotent: false })));
      assert.deepEqual(
        sender.attempts.map(({ idempotent }) => idempotent),
        [false],
      );
    });

    it('does not repeat a probe', async () => {
      const { guard, sender, ledger } = guardWith([http(503), answer('never')]);
      ledger.circuits.set('acme', { kind: 'open', generation: 3, untilMs: 0, cooldownMs: 60_000 });
      await hear(guard.run(callOf()));
      assert.equal(sender.attempts.length, 1);
      assert.equal(ledger.circuits.get('acme')?.kind, 'open');
    });
  });

  describe('deadlines', () => {
    it('ends an attempt that does not connect and names the timer', async () => {
      const { guard, clock } = guardWith([silent], {
        retry: { retries: 0, baseMs: 1, capMs: 1, budgetShare: 1, budgetFloor: 1 },
      });
      const heard = hear(guard.run(callOf()));
      await clock.advance(4_999);
      await clock.advance(1);
      const { result } = await heard;
      assert.deepEqual(result.kind === 'failed' && result.failure, { kind: 'timeout', timer: 'connect' });
    });

    it('does not blame the provider for a deadline that passes without a network', async () => {
      const offline: Script = async function* ({ signal }) {
        yield lifecycle;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        return { outcome: { kind: 'offline', problem: () => 'no network' } };
      };
      const { guard, clock, ledger, sender } = guardWith([offline]);
      const heard = hear(guard.run(callOf()));
      await clock.advance(300_000);
      const { result } = await heard;
      assert.equal(result.kind === 'failed' && result.failure.kind, 'offline');
      assert.deepEqual([sender.attempts.length, ledger.settlements[0]?.breakerVerdict], [1, 'none']);
    });

    it('ends the whole call at its deadline, including retries and waits', async () => {
      const timeouts = { connectMs: 1e6, readMs: 1e6, headersMs: 1e6, firstContentMs: 1e6, callMs: 8_000 };
      const { guard, clock, ledger } = guardWith([http(500), silent], { timeouts });
      const heard = hear(guard.run(callOf()));
      await clock.advance(8_000);
      const { result } = await heard;
      assert.deepEqual(result.kind === 'failed' && result.failure, { kind: 'timeout', timer: 'call' });
      assert.equal(ledger.open.size, 0);
      assert.equal(clock.pendingTimers, 0);
    });

    it('allows a flowing stream to outlast the deadline of the call', async () => {
      const slow: Script = async function* ({ progress }) {
        progress('connected');
        progress('headers');
        for (let word = 0; word < 5; word++) {
          await new Promise<void>((resolve) => {
            clock.after(20_000, resolve);
          });
          progress('bytes');
          yield text('.');
        }
        return complete;
      };
      const timeouts = {
        connectMs: 5_000,
        readMs: 30_000,
        headersMs: 60_000,
        firstContentMs: 60_000,
        callMs: 50_000,
      };
      const { guard, clock, sender } = guardWith([slow], { timeouts });
      const heard = hear(guard.run(callOf()));
      await clock.advance(100_000);
      assert.equal((await heard).text, '.....');
      assert.equal(sender.attempts[0]?.signal.aborted, false);
    });

    it('does not count the time in which the user is asked about the prompt', async () => {
      const timeouts = { ...defaultTimeouts, callMs: 8_000 };
      const { guard, clock } = guardWith(
        [http(503), answer('fine')],
        { timeouts },
        {
          checkPrompt: async ({ prompt }) => {
            await new Promise<void>((resolve) => {
              clock.after(60_000, resolve);
            });
            return ok(prompt);
          },
        },
      );
      const heard = hear(guard.run(callOf()));
      await clock.advance(60_000 + 8_000);
      const { result } = await heard;
      assert.deepEqual([result.kind, result.attempts], ['done', 2]);
    });

    it('allows an answer in one piece to begin until the deadline of the call', async () => {
      const thinking: Script = async function* ({ progress, signal }) {
        progress('connected');
        yield* silent({ signal } as Attempt<ProviderTarget>);
        return { outcome: { kind: 'aborted' } };
      };
      const { guard, clock } = guardWith([thinking], { retry: { ...defaultRetryOptions, retries: 0 } });
      const body = bodyOf('{}');
      const inOnePiece = { dialect: 'openai-chat', body, headers: {}, streams: false, inputTokens: 1 };
      let ended = false;
      const heard = hear(guard.run(callOf({ prompt: inOnePiece }))).finally(() => {
        ended = true;
      });
      await clock.advance(defaultTimeouts.callMs - 1);
      assert.equal(ended, false);
      await clock.advance(1);
      const { result } = await heard;
      assert.deepEqual(result.kind === 'failed' && result.failure, { kind: 'timeout', timer: 'call' });
    });
  });
});
