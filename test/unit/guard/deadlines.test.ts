import assert from 'node:assert/strict';
import { AttemptDeadlines, defaultTimeouts, type DeadlineName } from '../../../src/guard/deadlines.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function started(): { clock: FakeClock; deadlines: AttemptDeadlines; expired: DeadlineName[] } {
  const clock = new FakeClock();
  const expired: DeadlineName[] = [];
  const deadlines = new AttemptDeadlines(defaultTimeouts, clock, (timer) => expired.push(timer));
  return { clock, deadlines, expired };
}

describe('AttemptDeadlines', () => {
  it('has the defaults connect 5 s, read 30 s, headers 120 s, content 300 s, call 30 min', () => {
    assert.deepEqual(defaultTimeouts, {
      connectMs: 5_000,
      readMs: 30_000,
      headersMs: 120_000,
      firstContentMs: 300_000,
      callMs: 1_800_000,
    });
  });

  it('ends an attempt that does not connect within 5 s', async () => {
    const { clock, expired } = started();
    await clock.advance(4_999);
    assert.deepEqual(expired, []);
    await clock.advance(1);
    assert.deepEqual(expired, ['connect']);
  });

  it('ends an attempt without headers, counted from the connection', async () => {
    const { clock, deadlines, expired } = started();
    await clock.advance(4_000);
    deadlines.reached('connected');
    await clock.advance(119_999);
    assert.deepEqual(expired, []);
    await clock.advance(1);
    assert.deepEqual(expired, ['headers']);
  });

  it('counts headers and first content from the last piece of a request that takes long to send', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    for (let sentMs = 0; sentMs < 600_000; sentMs += 100_000) {
      await clock.advance(100_000);
      deadlines.reached('sent');
    }
    await clock.advance(119_999);
    assert.deepEqual(expired, []);
    deadlines.reached('headers');
    await clock.advance(180_000);
    assert.deepEqual(expired, []);
    await clock.advance(1);
    assert.deepEqual(expired, ['firstContent']);
  });

  it('ends an attempt whose request is not taken for 120 s', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    await clock.advance(100_000);
    deadlines.reached('sent');
    await clock.advance(120_000);
    assert.deepEqual(expired, ['headers']);
  });

  it('counts the first content from the last piece of a request whose headers came before', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    deadlines.reached('headers');
    await clock.advance(290_000);
    deadlines.reached('sent');
    await clock.advance(299_999);
    assert.deepEqual(expired, []);
    await clock.advance(1);
    assert.deepEqual(expired, ['firstContent']);
  });

  it('lets a model think for 299 s after the headers', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    deadlines.reached('headers');
    deadlines.reached('bytes');
    await clock.advance(299_999);
    assert.deepEqual(expired, []);
    await clock.advance(1);
    assert.deepEqual(expired, ['firstContent']);
  });

  it('ends an answer that is silent for 30 s after its first content', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    deadlines.reached('headers');
    await clock.advance(100_000);
    deadlines.content();
    await clock.advance(20_000);
    deadlines.reached('bytes');
    await clock.advance(29_999);
    assert.deepEqual(expired, []);
    await clock.advance(1);
    assert.deepEqual(expired, ['read']);
  });

  it('counts pings as bytes, but not as content', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    deadlines.reached('headers');
    for (let waitedMs = 0; waitedMs < 300_000; waitedMs += 10_000) {
      assert.deepEqual(expired, []);
      deadlines.reached('bytes');
      await clock.advance(10_000);
    }
    assert.deepEqual(expired, ['firstContent']);
  });

  it('allows a stream to flow for hours after its first content', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    deadlines.reached('headers');
    deadlines.content();
    for (let minute = 0; minute < 600; minute++) {
      await clock.advance(15_000);
      deadlines.reached('bytes');
    }
    assert.deepEqual(expired, []);
  });

  it('does not count the time in which the reader is busy as silence of the provider', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    deadlines.reached('headers');
    deadlines.content();
    deadlines.pause();
    await clock.advance(200_000);
    deadlines.resume();
    await clock.advance(29_999);
    assert.deepEqual(expired, []);
  });

  it('takes headers as a connection, too', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('headers');
    await clock.advance(29_999);
    assert.deepEqual(expired, []);
  });

  it('restarts the headers timer if a second connection is made, as after a fallback to another address', async () => {
    const { clock, deadlines, expired } = started();
    deadlines.reached('connected');
    await clock.advance(2_000);
    deadlines.reached('connected');
    deadlines.reached('headers');
    deadlines.content();
    for (let n = 0; n < 20; n++) {
      await clock.advance(10_000);
      deadlines.reached('bytes');
    }
    assert.deepEqual(expired, []);
  });

  it('expires only once, and leaves no timer behind', async () => {
    const { clock, expired } = started();
    await clock.advance(1e6);
    assert.deepEqual(expired, ['connect']);
    assert.equal(clock.pendingTimers, 0);
  });

  it('leaves no timer behind when disposed', () => {
    const { clock, deadlines } = started();
    deadlines.reached('connected');
    deadlines.reached('headers');
    deadlines.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('measures how long each step took', async () => {
    const { clock, deadlines } = started();
    await clock.advance(10);
    deadlines.reached('connected');
    await clock.advance(10);
    deadlines.reached('headers');
    await clock.advance(10);
    deadlines.content();
    await clock.advance(10);
    deadlines.content();
    assert.deepEqual(deadlines.timings, { connectedMs: 10, headersMs: 20, firstContentMs: 30 });
  });
});
