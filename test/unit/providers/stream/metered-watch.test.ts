import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Outcome } from '../../../../src/guard/outcome.ts';
import type { ReportedUsage } from '../../../../src/guard/sender-port.ts';
import type { WireDialect } from '../../../../src/providers/dialects/dialects.ts';
import type { AnswerPiece } from '../../../../src/providers/stream/answer-watch.ts';
import { answeredUsage, chatEvents, goodAnswer } from '../../../support/fault-upstream.ts';
import { done } from '../../../support/request-body.ts';
import { watchOf } from '../../../support/watch.ts';

interface Seen {
  readonly outcome: Outcome;
  readonly usage: ReportedUsage | undefined;
}

interface PassedOn extends Seen {
  readonly text: string;
  readonly contentBytes: number;
  readonly contentHasBegun: boolean;
}

/** The result of a watch for a stream that arrives in chunks of these sizes, repeated. */
function watched(stream: string, sizes: readonly number[], passThrough?: { hidesUsage: boolean }): PassedOn {
  const watch = watchOf('text/event-stream', { passThrough });
  const bytes = Buffer.from(stream);
  const pieces: AnswerPiece[] = [];
  let outcome: Outcome | undefined;
  for (let at = 0, turn = 0; at < bytes.length && outcome === undefined; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    outcome = done(watch.push(bytes.subarray(at, at + size)));
    pieces.push(...watch.take());
    at += size;
  }
  outcome ??= done(watch.end(false));
  pieces.push(...watch.take());
  return {
    outcome,
    usage: watch.usage,
    text: Buffer.concat(pieces.map((piece) => piece.bytes)).toString(),
    contentBytes: pieces.reduce((sum, { contentBytes }) => sum + contentBytes, 0),
    contentHasBegun: pieces.at(-1)?.contentHasBegun === true,
  };
}

const passed = { hidesUsage: false };
const seenOf = ({ outcome, usage }: Seen): Seen => ({ outcome, usage });

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

describe('watchFor a stream that is passed through', () => {
  it('returns the same for a long stream as a watch of a stream for our own prompts, however it is cut', () => {
    fc.assert(
      fc.property(tail, sizes, lineBreak, (events, cut, line) => {
        const stream = (longBeginning + events).replaceAll('\n', line);
        assert.deepEqual(seenOf(watched(stream, cut, passed)), seenOf(watched(stream, cut)));
      }),
      { numRuns: 60 },
    );
  });

  it('finds invalid JSON in the first 64 KiB, and leaves the rest to the client', () => {
    const broken = 'data: {"choices":[}\n\n';
    fc.assert(
      fc.property(sizes, (cut) => {
        const verdict = (stream: string) => watched(stream, cut, passed).outcome.kind;
        assert.equal(verdict(word + broken + chatEvents.done), 'malformed');
        assert.equal(verdict(longBeginning + broken + chatEvents.done), 'complete');
      }),
      { numRuns: 10 },
    );
  });

  it('reads everything until the first content', () => {
    const roles = chatEvents.role.repeat(1_000);
    assert.equal(watched(roles, [65_536], passed).contentHasBegun, false);
    assert.ok(watched(roles + word, [65_536], passed).contentHasBegun);
  });

  it('refuses an event without an end', () => {
    const endless = `data: ${'x'.repeat(17 * 1024 * 1024)}`;
    assert.equal(watched(endless, [1024 * 1024], passed).outcome.kind, 'malformed');
  });

  for (const [who, passThrough] of [
    ['a client', passed],
    ['our own prompts', undefined],
  ] as const) {
    it(`fails for ${who} after 256 KiB without content`, () => {
      const pings = [chatEvents.role, chatEvents.ping, 'data:\n\n', chatEvents.usage(null)].join('');
      const { outcome, text } = watched(pings.repeat(10_000), [65_536], passThrough);
      assert.equal(outcome.kind, 'malformed');
      assert.ok(text.length <= 256 * 1024);
      const enough = word + pings.repeat(10_000) + chatEvents.done;
      assert.equal(watched(enough, [65_536], passThrough).outcome.kind, 'complete');
    });
  }

  it('passes on whole events byte for byte, however the chunks are cut', () => {
    fc.assert(
      fc.property(sizes, lineBreak, (cut, line) => {
        const stream = goodAnswer.join('').replaceAll('\n', line);
        assert.equal(watched(stream, cut, passed).text, stream);
      }),
    );
  });

  it('drops only the event with nothing but usage if usage is hidden', () => {
    const kept = [
      'data: {"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":1}}\n\n',
      'data: {"choices":[],"prompt_filter_results":[],"usage":null}\n\n',
      chatEvents.text('the words "usage" and "choices":[]'),
    ];
    const shown = [...kept, ...goodAnswer.filter((each) => !each.includes('"usage"'))].join('');
    fc.assert(
      fc.property(sizes, lineBreak, (cut, line) => {
        const all = [...kept, ...goodAnswer].join('').replaceAll('\n', line);
        assert.equal(watched(all, cut, { hidesUsage: true }).text, shown.replaceAll('\n', line));
      }),
    );
  });

  it('passes on nothing of an error and nothing that follows the end', () => {
    const echo = chatEvents.error({ message: 'bad key sk-1' });
    fc.assert(
      fc.property(sizes, lineBreak, fc.boolean(), (cut, line, isLong) => {
        const before = isLong ? longBeginning : chatEvents.role + word;
        const streamOf = (events: string) => (before + events).replaceAll('\n', line);
        const after = watched(streamOf(chatEvents.done + echo + word), cut, passed);
        assert.deepEqual([after.outcome.kind, after.text], ['complete', streamOf(chatEvents.done)]);
        const failed = watched(streamOf(echo + chatEvents.done), cut, passed);
        assert.deepEqual([failed.outcome.kind, failed.text], ['errorEvent', streamOf('')]);
      }),
      { numRuns: 40 },
    );
  });

  it('reads an event of many megabytes without its parse tree', () => {
    const large = chatEvents.text('ü'.repeat(5 * 1024 * 1024));
    const { outcome, text, contentBytes } = watched(large + chatEvents.done, [65_536], passed);
    assert.deepEqual([outcome.kind, text.length], ['complete', (large + chatEvents.done).length]);
    assert.ok(contentBytes >= 10 * 1024 * 1024, `${contentBytes} bytes of content`);
    const error = chatEvents.error({ message: 'no', more: 'x'.repeat(5 * 1024 * 1024) });
    assert.equal(watched(word + error, [65_536], passed).outcome.kind, 'errorEvent');
  });
});

describe('watchFor a stream: content bytes', () => {
  const metered = (stream: string, size: number) => watched(stream, [size], passed).contentBytes;

  it('counts the exact bytes of content in events that are read', () => {
    assert.equal(metered(chatEvents.role + word.repeat(20), 100), 100);
  });

  it('estimates the bytes of content in skipped events closely', () => {
    const content = metered(word.repeat(10_000), 65_536);
    assert.ok(Math.abs(content / 50_000 - 1) < 0.01, `${content} bytes instead of 50,000`);
  });
});

describe('watchFor a stream for our own prompts', () => {
  const sdkText = (stream: string, dialect: WireDialect = 'openai-chat') => {
    const watch = watchOf('text/event-stream', { dialect });
    const outcome = done(watch.push(Buffer.from(stream)));
    return { kind: outcome?.kind, text: Buffer.concat(watch.take().map(({ bytes }) => bytes)).toString() };
  };

  it('writes each event in one form, without what the SDK stumbles over', () => {
    const event = '{"choices":[{"delta":{"content":"Hi"}}]}';
    const odd = [
      ': ping\r\rdata:\r\r',
      'event: ping\r\ndata: {"type":"ping"}\r\n\r\n',
      'data: {"choices":\ndata:  [{"delta":{"content":"Hi"}}]}\n\n',
      'data: {"usage":{"prompt_tokens":1},"error":""}\n\n',
      'data: 7\n\n',
      'data: [DONE]\n\n',
    ];
    assert.deepEqual(sdkText(odd.join('')), {
      kind: 'complete',
      text: [
        `data: ${event.replace(':[', ':  [')}\n\n`,
        'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n',
        'data: [DONE]\n\n',
      ].join(''),
    });
  });

  it('passes on what follows the finish reason of Google, which some models send with every event', () => {
    const candidate = (text: string, finishReason?: string) =>
      `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text }] }, finishReason }] })}\n\n`;
    const usage = 'data: {"usageMetadata":{"promptTokenCount":1}}\n\n';
    const { text } = sdkText(candidate('Hi', 'STOP') + candidate('.', 'STOP') + usage, 'google-generative');
    assert.equal(text, candidate('Hi', 'STOP') + candidate('.', 'STOP') + usage);
  });

  it('passes on nothing that follows the end in the Messages and the Responses API', () => {
    for (const [dialect, type] of [
      ['anthropic-messages', 'message_stop'],
      ['openai-responses', 'response.completed'],
    ] as const) {
      const end = `data: {"type":"${type}"}\n\n`;
      assert.deepEqual(sdkText(`${end}data: {"error":"sk-1"}\n\n`, dialect), { kind: 'complete', text: end });
    }
  });

  it('returns malformed for an event that takes a parser long, not for a long text', () => {
    const large = 'x'.repeat(7 * 1024 * 1024);
    assert.equal(sdkText(chatEvents.text(large) + chatEvents.done).kind, 'complete');
    const odd = JSON.stringify({ choices: [{ delta: { content: 'x' } }], odd: Array(200_000).fill(0) });
    assert.equal(sdkText(`data: ${odd}\n\n`).kind, 'malformed');
  });
});
