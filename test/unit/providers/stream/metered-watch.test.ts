import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Outcome } from '../../../../src/guard/outcome.ts';
import type { ReportedUsage } from '../../../../src/guard/sender-port.ts';
import { openaiChatPassThrough } from '../../../../src/providers/dialects/openai-chat/passthrough.ts';
import { watchFor } from '../../../../src/providers/stream/answer-watch.ts';
import { Relay } from '../../../../src/providers/stream/relay.ts';
import { answeredUsage, chatEvents } from '../../../support/fault-upstream.ts';

interface Seen {
  readonly outcome: Outcome;
  readonly usage: ReportedUsage | undefined;
}

const relayOf = () => new Relay(openaiChatPassThrough, false);

/** The result of a watch for a stream that arrives in chunks of these sizes, repeated. */
function watched(stream: string, sizes: readonly number[], relay?: Relay): Seen {
  const watch = watchFor('text/event-stream', { dialect: 'openai-chat', sanitize: (text) => text, relay });
  assert.ok(watch !== undefined);
  const bytes = Buffer.from(stream);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    const outcome = watch.push(bytes.subarray(at, at + size));
    if (outcome !== undefined) return { outcome, usage: watch.usage };
    at += size;
  }
  return { outcome: watch.end(false), usage: watch.usage };
}

const word = chatEvents.text('Hello');
const longBeginning = word.repeat(Math.ceil((70 * 1024) / word.length) + 100);
const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constant(65_536)), {
  minLength: 1,
  maxLength: 8,
});
const event = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map(chatEvents.text) },
  { weight: 2, arbitrary: fc.constantFrom(chatEvents.usage(null), chatEvents.ping, chatEvents.role) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      chatEvents.usage(answeredUsage),
      chatEvents.error({ message: 'overloaded' }),
      chatEvents.text('an "error" and a "usage" that are only words'),
      'data: {"\\u0065rror":{"message":"in disguise"}}\n\n',
      'data: {"choices":[],"\\u0075sage":{"prompt_tokens":7,"completion_tokens":7}}\n\n',
      'data: {"choices":[],"usage"\ndata: : {"prompt_tokens":9}}\n\n',
      'event: error\ndata: out of memory\n\n',
      'data:[DONE]\n\n',
    ),
  },
);
const tail = fc.array(event, { maxLength: 12 }).map((events) => events.join(''));

describe('watchFor with a relay', () => {
  it('returns the same for a long stream as a watch without a relay, however it is cut', () => {
    fc.assert(
      fc.property(tail, sizes, lineBreak, (events, cut, line) => {
        const stream = (longBeginning + events).replaceAll('\n', line);
        assert.deepEqual(watched(stream, cut, relayOf()), watched(stream, cut));
      }),
      { numRuns: 60 },
    );
  });

  it('finds invalid JSON in the first 64 KiB, and leaves the rest to the client', () => {
    const broken = 'data: {"choices":[}\n\n';
    fc.assert(
      fc.property(sizes, (cut) => {
        const verdict = (stream: string) => watched(stream, cut, relayOf()).outcome.kind;
        assert.equal(verdict(word + broken + chatEvents.done), 'malformed');
        assert.equal(verdict(longBeginning + broken + chatEvents.done), 'complete');
      }),
      { numRuns: 10 },
    );
  });

  it('reads everything until the first content', () => {
    const relay = relayOf();
    watched(chatEvents.role.repeat(1_000), [65_536], relay);
    assert.equal(relay.meter.hasBegun, false);
    watched(chatEvents.role.repeat(1_000) + word, [65_536], relay);
    assert.ok(relay.meter.hasBegun);
  });

  it('refuses an event without an end', () => {
    const endless = `data: ${'x'.repeat(17 * 1024 * 1024)}`;
    assert.equal(watched(endless, [1024 * 1024], relayOf()).outcome.kind, 'malformed');
  });
});

/** The metered content of a stream in chunks of this size. */
function metered(stream: string, size: number): number {
  const relay = relayOf();
  watched(stream, [size], relay);
  return relay.take().reduce((sum, { contentBytes }) => sum + contentBytes, 0);
}

describe('Relay: content bytes', () => {
  it('counts the exact bytes of content in events that are read', () => {
    assert.equal(metered(chatEvents.role + word.repeat(20), 100), 100);
  });

  it('estimates the bytes of content in skipped events closely', () => {
    const content = metered(word.repeat(10_000), 65_536);
    assert.ok(Math.abs(content / 50_000 - 1) < 0.01, `${content} bytes instead of 50,000`);
  });
});
