import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openaiChatPassThrough } from '../../../../src/providers/dialects/openai-chat/passthrough.ts';
import {
  eventsBefore,
  PassThroughEvents,
  withoutEvents,
} from '../../../../src/providers/passthrough/passthrough-events.ts';
import { answeredUsage, chatEvents, goodAnswer } from '../../../support/fault-upstream.ts';

/** The pieces that are passed on of a stream in chunks of these sizes. */
function handedOn(stream: string, sizes: readonly number[], hidesUsage = false): string[] {
  const events = new PassThroughEvents();
  const { usageOption } = openaiChatPassThrough;
  assert.ok(usageOption !== undefined);
  const shown = (piece: Buffer) =>
    (hidesUsage ? withoutEvents(piece, usageOption.isUsageAlone) : piece).toString();
  const bytes = Buffer.from(stream);
  const out: string[] = [];
  const turns = [...sizes, bytes.length];
  for (let at = 0; at < bytes.length;) {
    const size = turns.shift() ?? bytes.length;
    out.push(shown(events.push(bytes.subarray(at, at + size))));
    at += size;
  }
  out.push(shown(events.end()));
  return out.filter((text) => text !== '');
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
const lineBreak = fc.constantFrom('\n', '\r\n', '\r');

describe('PassThroughEvents', () => {
  it('passes on whole events byte for byte, however the chunks are cut', () => {
    fc.assert(
      fc.property(sizes, lineBreak, (cut, line) => {
        const stream = goodAnswer.join('').replaceAll('\n', line);
        const pieces = handedOn(stream, cut);
        assert.equal(pieces.join(''), stream);
        for (const piece of pieces) assert.ok(piece.endsWith(line + line), JSON.stringify(piece));
      }),
    );
  });

  it('drops only the event with nothing but usage if usage is hidden', () => {
    fc.assert(
      fc.property(sizes, lineBreak, (cut, line) => {
        const all = goodAnswer.join('').replaceAll('\n', line);
        const shown = goodAnswer.filter((event) => !event.includes('"usage"'));
        assert.equal(handedOn(all, cut, true).join(''), shown.join('').replaceAll('\n', line));
      }),
    );
  });

  it('keeps usage beside a choice, and empty choices without usage', () => {
    const kept = [
      'data: {"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":1}}\n\n',
      'data: {"choices":[],"prompt_filter_results":[],"usage":null}\n\n',
      chatEvents.text('the words "usage" and "choices":[]'),
    ].join('');
    assert.equal(handedOn(kept + chatEvents.usage(answeredUsage), [], true).join(''), kept);
  });
});

describe('PassThroughEvents with mixed line breaks', () => {
  for (const blank of ['\n\r\n', '\r\n\n', '\r\r\n']) {
    it(`ends an event at ${JSON.stringify(blank)}`, () => {
      const [one, two] = [`data: one${blank}`, 'data: two\n\n'];
      assert.equal(handedOn(`${one}data: tw`, [one.length]).length, 2);
      assert.ok(!eventsBefore(Buffer.from(one + two), 1).includes('two'));
    });
  }
});

describe('eventsBefore', () => {
  const stream = ': ping\n\ndata: one\n\n: ping\n\nevent: two\r\ndata: two\r\n\r\ndata: three\n\n';
  for (const [count, before] of [
    [0, ': ping\n\n'],
    [1, ': ping\n\ndata: one\n\n: ping\n\n'],
    [2, stream.slice(0, stream.indexOf('data: three'))],
    [3, stream],
  ] as const) {
    it(`returns the events and comments before event number ${count}`, () => {
      assert.equal(eventsBefore(Buffer.from(stream), count).toString(), before);
    });
  }
});
