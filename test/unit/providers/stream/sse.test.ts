import assert from 'node:assert/strict';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { EventSplitter } from '../../../../src/providers/stream/event-splitter.ts';
import { readEvent, readEventInSteps, withoutMark } from '../../../../src/providers/stream/sse.ts';
import { done } from '../../../support/request-body.ts';

interface Sent {
  readonly event: string | undefined;
  readonly data: string;
}

const bytesOf = (text: string) => Buffer.from(text);
const message = (data: string): Sent => ({ event: undefined, data });

/** The whole events of the chunks, and what is left. */
function split(...chunks: Uint8Array[]): Buffer[] {
  const splitter = new EventSplitter();
  const events: Buffer[] = [];
  for (const chunk of chunks) {
    for (const { bytes, ends } of splitter.push(chunk)) {
      let start = 0;
      for (const end of ends) {
        events.push(bytes.subarray(start, end));
        start = end;
      }
      assert.equal(start, bytes.length);
    }
  }
  const rest = splitter.end();
  return rest.length === 0 ? events : [...events, rest];
}

function decode(...chunks: Uint8Array[]): Sent[] {
  return split(...chunks).flatMap((bytes, index) => {
    const event = index === 0 ? withoutMark(bytes) : bytes;
    const sent = readEvent(event);
    assert.deepEqual(done(readEventInSteps(event)), sent);
    return sent === undefined ? [] : [{ event: sent.event, data: sent.data.toString() }];
  });
}

/** The same by another parser, which dispatches empty data, too. */
function decodeByPeer(text: string): Sent[] {
  const events: Sent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      // No name that Callguard knows is longer than 64 bytes. Longer ones are as good as none.
      if (data !== '') events.push({ event: Buffer.byteLength(event ?? '') > 64 ? undefined : event, data });
    },
  });
  parser.feed(`${text.replace(/^\uFEFF/, '')}\n\n`);
  return events;
}

const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    'data:',
    'data: ',
    'data',
    'event: e',
    'event',
    'id: 1',
    ': c',
    ' ',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const stream = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('EventSplitter and readEvent', () => {
  for (const [name, end] of [
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ] as const) {
    it(`accept ${name} as the end of a line`, () => {
      const text = [': hello', 'data: one', '', 'event: odd', 'data: two', 'data:  three', '', ''].join(end);
      assert.deepEqual(decode(bytesOf(text)), [message('one'), { event: 'odd', data: 'two\n three' }]);
    });
  }

  for (const blank of ['\n\r\n', '\r\n\n', '\r\r\n']) {
    it(`end an event at ${JSON.stringify(blank)}`, () => {
      assert.deepEqual(split(bytesOf(`data: one${blank}data: two\n\n`)).map(String), [
        `data: one${blank}`,
        'data: two\n\n',
      ]);
    });
  }

  it('remove a byte order mark', () => {
    assert.deepEqual(decode(Uint8Array.of(0xef, 0xbb), Uint8Array.of(0xbf), bytesOf('data: x\n\n')), [
      message('x'),
    ]);
  });

  it('ignore comments, unknown fields, bad retry values and empty data', () => {
    assert.deepEqual(decode(bytesOf(':\nfoo: 1\nretry: soon\nbar\ndata: x\n\n: bye\n\ndata:\n\ndata\n\n')), [
      message('x'),
    ]);
  });

  it('return an event as soon as its blank line arrives, also of a stream of CRs', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      const splitter = new EventSplitter();
      assert.deepEqual(splitter.push(bytesOf(`data: x${end}`)), []);
      assert.equal(splitter.push(bytesOf(end))[0]?.bytes.toString(), `data: x${end}${end}`);
    }
  });

  it('return an unfinished last event when the stream ends', () => {
    assert.deepEqual(decode(bytesOf('data: [DONE]')), [message('[DONE]')]);
  });

  it('return the same bytes and the same events however the bytes are split', () => {
    const splits = fc.array(fc.nat({ max: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(stream, splits, (text, cuts) => {
        const all = bytesOf(text);
        const at = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
        const chunks = at.slice(1).map((end, index) => all.subarray(at[index], end));
        const single = Array.from(all, (byte) => Uint8Array.of(byte));
        for (const cut of [chunks, single]) {
          assert.deepEqual(Buffer.concat(split(...cut)), all);
          assert.deepEqual(decode(...cut), decode(all));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('return the events that another parser returns', () => {
    fc.assert(
      fc.property(stream, (text) => {
        assert.deepEqual(decode(bytesOf(text)), decodeByPeer(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
