import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  EventTooLargeError,
  SseDecoder,
  type ServerSentEvent,
} from '../../../../src/providers/stream/sse.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const message = (data: string): ServerSentEvent => ({ event: undefined, data });

function decode(...chunks: Uint8Array[]): ServerSentEvent[] {
  const decoder = new SseDecoder();
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

describe('SseDecoder', () => {
  for (const [name, end] of [
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ] as const) {
    it(`accepts ${name} as the end of a line`, () => {
      const text = [': hello', 'data: one', '', 'event: odd', 'data: two', 'data:  three', '', ''].join(end);
      assert.deepEqual(decode(bytesOf(text)), [message('one'), { event: 'odd', data: 'two\n three' }]);
    });
  }

  it('removes a byte order mark', () => {
    assert.deepEqual(decode(Uint8Array.of(0xef, 0xbb), Uint8Array.of(0xbf), bytesOf('data: x\n\n')), [
      message('x'),
    ]);
  });

  it('ignores comments, unknown fields and bad retry values', () => {
    assert.deepEqual(decode(bytesOf(':\nfoo: 1\nretry: soon\nbar\ndata: x\n\n: bye\n\n')), [message('x')]);
  });

  it('returns an event as soon as its blank line arrives', () => {
    const decoder = new SseDecoder();
    assert.deepEqual(decoder.push(bytesOf('data: x\n')), []);
    assert.deepEqual(decoder.push(bytesOf('\n')), [message('x')]);
  });

  it('returns an unfinished last event when the stream ends', () => {
    assert.deepEqual(decode(bytesOf('data: [DONE]')), [message('[DONE]')]);
  });

  it('throws for an event over the limit and for every later byte', () => {
    const decoder = new SseDecoder(100);
    assert.throws(() => decoder.push(bytesOf(`data: ${'x'.repeat(200)}`)), EventTooLargeError);
    assert.throws(() => decoder.push(bytesOf('\n\ndata: y\n\n')), EventTooLargeError);
  });

  it('limits an event of many lines like one of a long line', () => {
    const decoder = new SseDecoder(100);
    const line = bytesOf('data: 0123456789\n');
    assert.throws(() => {
      for (let lines = 0; lines < 20; lines += 1) decoder.push(line);
    }, EventTooLargeError);
  });

  it('returns the same events however the bytes are split', () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', '\n\n', 'data:', 'data: ', 'event: e', 'id: 1', ': c', '\uFEFF'),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const splits = fc.array(fc.nat({ max: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), splits, (pieces, cuts) => {
        const all = bytesOf(pieces.join(''));
        const at = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
        const chunks = at.slice(1).map((end, index) => all.subarray(at[index], end));
        assert.deepEqual(decode(...chunks), decode(all));
        assert.deepEqual(decode(...Array.from(all, (byte) => Uint8Array.of(byte))), decode(all));
      }),
      { numRuns: 500 },
    );
  });
});
