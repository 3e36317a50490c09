import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { defaultTimeouts, type Timeouts } from '../../../src/guard/deadlines.ts';
import { createSender } from '../../../src/providers/transport/sender.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { callOf, guardWith, hear } from '../../support/guard-fixture.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { compatible, senderOptions } from '../../support/sender.ts';

const { answer, breakOff, chatEvents, goodAnswer, reply, resetAtOnce, silence, stall } = upstreams;
const partly = goodAnswer.slice(0, 2);
const noWait = { retries: 2, baseMs: 1, capMs: 1, budgetShare: 1, budgetFloor: 10 };

/** The guard with the real sender, wire and clock; only the ledger is in memory. */
function guarded(baseUrl: string, timeouts: Partial<Timeouts> = {}, retries = 0) {
  const ledger = new MemoryLedger(systemClock);
  const config = compatible(baseUrl);
  const { guard } = guardWith(
    [],
    { timeouts: { ...defaultTimeouts, ...timeouts }, retry: { ...noWait, retries } },
    { sender: createSender(senderOptions(config)), ledger, clock: systemClock },
    config,
  );
  return { ledger, run: (signal = new AbortController().signal) => guard.run(callOf({ signal })) };
}

describe('Guard.run on real sockets', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  it('streams an answer, settles the reported usage, and keeps a record', async () => {
    const { ledger, run } = guarded(upstream.baseUrl);
    const { text, result } = await hear(run());
    assert.deepEqual([text, result.kind, result.attempts], ['Hello world', 'done', 1]);
    const [record] = ledger.records;
    assert.deepEqual([record?.outcome, record?.status, record?.usage.inputTokens], ['done', 200, 11]);
    assert.equal(record?.usage.estimated, false);
    assert.equal(ledger.open.size, 0);
  });

  describe('with a deadline', () => {
    const timerOf = async (run: ReturnType<typeof guarded>['run']) => {
      const { result } = await hear(run());
      assert.ok(result.kind === 'failed' && result.failure.kind === 'timeout', JSON.stringify(result));
      return result.failure.timer;
    };

    it('ends a call at the deadline for connect if the TLS handshake hangs', async () => {
      const mute = net.createServer((socket) => socket.resume());
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const { port } = mute.address() as AddressInfo;
      assert.equal(await timerOf(guarded(`https://127.0.0.1:${port}`, { connectMs: 100 }).run), 'connect');
      // Resolves only after every socket is closed.
      await new Promise((resolve) => mute.close(resolve));
    });

    for (const [timer, timeouts, behaviour] of [
      ['headers', { headersMs: 100 }, silence],
      ['firstContent', { firstContentMs: 200, readMs: 100 }, stall()],
      ['read', { readMs: 100 }, stall(partly)],
      ['firstContent', { firstContentMs: 200 }, upstreams.drip([chatEvents.ping.repeat(50)], 2, 20)],
      ['call', { callMs: 100 }, silence],
    ] as const) {
      it(`closes the socket at the deadline for ${timer}`, async () => {
        upstream.script(behaviour);
        assert.equal(await timerOf(guarded(upstream.baseUrl, timeouts).run), timer);
        await upstream.idle();
      });
    }

    it('does not end a call at the deadline for read while pings arrive in time', async () => {
      upstream.script(upstreams.drip([chatEvents.ping.repeat(4), ...goodAnswer], 12, 25));
      const { result } = await hear(guarded(upstream.baseUrl, { readMs: 1_000 }).run());
      assert.equal(result.kind, 'done');
    });
  });

  it('closes the socket on an abort and settles the used tokens', async () => {
    upstream.script(stall(partly));
    const abort = new AbortController();
    const { ledger, run } = guarded(upstream.baseUrl);
    const parts = run(abort.signal);
    for (let next = await parts.next(); next.done !== true && next.value.type !== 'text-delta';) {
      next = await parts.next();
    }
    const { closed } = await upstream.request(0);
    abort.abort();
    const { result } = await hear(parts);
    await closed;
    assert.equal(result.kind, 'aborted');
    assert.deepEqual([ledger.open.size, ledger.records[0]?.usage.estimated], [0, true]);
  });

  it('closes the socket when the reader stops', async () => {
    upstream.script(stall(partly));
    const { ledger, run } = guarded(upstream.baseUrl);
    for await (const part of run()) if (part.type === 'text-delta') break;
    await upstream.idle();
    assert.deepEqual([ledger.open.size, ledger.records[0]?.outcome], [0, 'aborted']);
  });

  describe('with a retry', () => {
    for (const [name, fault] of [
      ['a reset', resetAtOnce],
      ['a 503', reply(503)],
      ['an answer cut before its first content', breakOff([chatEvents.role])],
      ['an error event before the first content', answer([chatEvents.error('overloaded')])],
    ] as const) {
      it(`retries ${name} without showing it`, async () => {
        upstream.script(fault, answer());
        const { text, result } = await hear(guarded(upstream.baseUrl, {}, 2).run());
        assert.deepEqual([text, result.kind, result.attempts], ['Hello world', 'done', 2]);
      });
    }

    for (const [name, fault, kind] of [
      ['an answer that was cut after its first content', breakOff(partly), 'cut'],
      ['an error event after the first content', answer([...partly, chatEvents.error('no')]), 'errorEvent'],
      ['a bad request', reply(400), 'http'],
      ['a redirect', reply(302), 'redirect'],
    ] as const) {
      it(`does not retry ${name}`, async () => {
        upstream.script(fault, answer());
        const { result } = await hear(guarded(upstream.baseUrl, {}, 2).run());
        assert.ok(result.kind === 'failed');
        assert.deepEqual([result.failure.kind, result.attempts, upstream.seen.length], [kind, 1, 1]);
      });
    }
  });

  it('runs many calls at once and leaves no socket in use', async () => {
    const { ledger, run } = guarded(upstream.baseUrl);
    const heard = await Promise.all(Array.from({ length: 50 }, () => hear(run())));
    assert.ok(heard.every(({ text, result }) => text === 'Hello world' && result.kind === 'done'));
    assert.equal(ledger.open.size, 0);
  });
});
