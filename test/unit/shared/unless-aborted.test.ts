import assert from 'node:assert/strict';
import { unlessAborted } from '../../../src/shared/unless-aborted.ts';

describe('unlessAborted', () => {
  it('returns the result of the work', async () => {
    assert.equal(await unlessAborted(Promise.resolve(1), new AbortController().signal), 1);
    await assert.rejects(unlessAborted(Promise.reject(new Error('no')), new AbortController().signal), /no/);
  });

  it('returns undefined once the signal aborts, and drops a later error', async () => {
    const abort = new AbortController();
    const { promise, reject } = Promise.withResolvers<number>();
    const raced = unlessAborted(promise, abort.signal);
    abort.abort();
    assert.equal(await raced, undefined);
    reject(new Error('too late'));
    assert.equal(await unlessAborted(new Promise(() => undefined), AbortSignal.abort()), undefined);
  });
});
