import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { readBody, type AnswerBody } from '../../../../src/providers/stream/answer-body.ts';
import type { BodySource } from '../../../../src/providers/stream/body-source.ts';
import { webStreamOf } from '../../../../src/providers/stream/web-stream.ts';
import { chatEvents, goodAnswer } from '../../../support/fault-upstream.ts';
import { watchOf } from '../../../support/watch.ts';

function bodyOf(source: Readable): { readonly body: AnswerBody; readonly outcomes: string[] } {
  const watch = watchOf('text/event-stream', { passThrough: { hidesUsage: false } });
  const outcomes: string[] = [];
  const over = ({ kind }: { kind: string }) => outcomes.push(kind);
  const failed = () => outcomes.push('failed');
  return {
    body: readBody(flowing(source), watch, {
      bytes: () => undefined,
      over,
      failed,
      cancelled: () => undefined,
    }),
    outcomes,
  };
}

function flowing(bytes: Readable): BodySource {
  return { bytes, pause: () => bytes.pause(), resume: () => bytes.resume() };
}

async function readAll(body: AnswerBody): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read())
    chunks.push(chunk.bytes);
  return chunks;
}

async function readWebStream(body: AnswerBody): Promise<Uint8Array[]> {
  return [new Uint8Array(await new Response(webStreamOf(body)).arrayBuffer())];
}

const stream = Buffer.from(goodAnswer.join(''));
const cuts = fc.array(fc.nat({ max: stream.length }), { maxLength: 12 });

describe('readBody', () => {
  for (const [who, read] of [
    ['its reader', readAll],
    ['a web stream', readWebStream],
  ] as const) {
    it(`passes the body to ${who} byte for byte and then ends, however it is cut`, async () => {
      await fc.assert(
        fc.asyncProperty(cuts, async (places) => {
          const at = [0, ...places.toSorted((a, b) => a - b), stream.length];
          const chunks = at.slice(1).map((end, index) => stream.subarray(at[index], end));
          const { body, outcomes } = bodyOf(Readable.from(chunks.filter(({ length }) => length > 0)));
          assert.deepEqual(Buffer.concat(await read(body)), stream);
          assert.deepEqual(outcomes, ['complete']);
        }),
        { numRuns: 50 },
      );
    });
  }

  it('stops reading from the provider while nobody reads', async () => {
    const event = Buffer.from(chatEvents.text('x'.repeat(900)));
    let given = 0;
    const source = new Readable({
      read() {
        given += 1;
        this.push(event);
      },
    });
    const { body } = bodyOf(source);
    for (let turns = 0; turns < 1_000; turns++) await turn();
    const waiting = given;
    assert.ok(waiting < 200, `${waiting} KiB were taken`);
    for (let reads = 0; reads < 500; reads++) await body.read();
    assert.ok(given > waiting);
    source.destroy();
  });

  it('ends at once with the error of fail(), even during a read', async () => {
    const { body } = bodyOf(new Readable({ read: () => undefined }));
    const reading = body.read();
    body.fail(new Error('stopped'));
    await assert.rejects(reading, /stopped/);
    await assert.rejects(body.read(), /stopped/);
  });
});
