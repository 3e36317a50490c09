import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteCollector } from '../../../src/shared/byte-collector.ts';

describe('ByteCollector', () => {
  it('returns the bytes of its chunks in one piece, and is empty afterwards', () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(16_383, 16_384, 65_536, 70_000));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 40 }), (sizes) => {
        const collector = new ByteCollector();
        const chunks = sizes.map((length, at) => Buffer.alloc(length, at));
        for (const chunk of chunks) collector.add(chunk);
        assert.equal(collector.length, Buffer.concat(chunks).length);
        assert.ok(collector.take().equals(Buffer.concat(chunks)));
        assert.deepEqual([collector.length, collector.take().length], [0, 0]);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a few tiny chunks in about a kilobyte', () => {
    const before = process.memoryUsage().arrayBuffers;
    const collectors = Array.from({ length: 100 }, () => new ByteCollector());
    for (const collector of collectors) for (let at = 0; at < 9; at++) collector.add(Buffer.from('x'));
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(grown < 400_000, `${grown} bytes`);
    assert.equal(collectors.at(-1)?.take().toString(), 'xxxxxxxxx');
  });

  it('keeps a million chunks of a byte in about a megabyte', () => {
    const collector = new ByteCollector();
    const slab = Buffer.alloc(1_000_000, 'x');
    const before = process.memoryUsage();
    for (let at = 0; at < slab.length; at++) collector.add(slab.subarray(at, at + 1));
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    assert.equal(collector.length, slab.length);
    assert.ok(grown < 40_000_000, `${grown} bytes`);
  });
});
