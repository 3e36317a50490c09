import assert from 'node:assert/strict';
import { describeRefusal } from '../../../src/guard/refusal.ts';
import { Secret } from '../../../src/shared/secret.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { callOf, hear } from '../../support/guard-fixture.ts';
import { createCore, type Core } from '../../support/guarded-core.ts';

describe('createGuard with a secret storage that does not answer', () => {
  let core: Core;
  let upstream: upstreams.FaultUpstream;
  let answer: () => void;

  const set = (timeouts: object = {}) => {
    const entry = { kind: 'openai-compatible', baseUrl: upstream.baseUrl, timeouts };
    core.set({ acme: entry, other: entry });
  };

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
    core = await createCore();
    set();
    for (const id of ['acme', 'other']) await core.vault.set(id, upstream.origin, new Secret(`sk-of-${id}`));
    core.store.waitFor = new Promise((resolve) => {
      answer = resolve;
    });
  });
  afterEach(async () => {
    await core.close();
    await upstream.close();
  });

  it('refuses the call after 5 s, and keeps no hold', async () => {
    const start = performance.now();
    const { result } = await hear(core.guard.run(callOf()));
    const ms = performance.now() - start;
    assert.ok(ms > 4_900 && ms < 7_000, `${ms} ms`);
    assert.ok(result.kind === 'refused' && result.refusal.kind === 'vault');
    assert.match(describeRefusal(result.refusal, 0), /secret storage does not answer/);
    assert.deepEqual([core.ledger.open.size, upstream.acceptedSockets], [0, 0]);
  });

  it('ends the call at once when its user cancels, and keeps no hold', async () => {
    const abort = new AbortController();
    const heard = hear(core.guard.run(callOf({ signal: abort.signal })));
    setTimeout(() => {
      abort.abort();
    }, 50);
    const start = performance.now();
    assert.equal((await heard).result.kind, 'aborted');
    assert.ok(performance.now() - start < 1_000);
    assert.equal(core.ledger.open.size, 0);
  });

  it('ends the call at its deadline, and keeps no hold', async () => {
    set({ call: 1 });
    const start = performance.now();
    const { result } = await hear(core.guard.run(callOf()));
    assert.deepEqual(result.kind === 'failed' && result.failure, { kind: 'timeout', timer: 'call' });
    assert.ok(performance.now() - start < 3_000);
    assert.equal(core.ledger.open.size, 0);
  });

  it('sends the next call once the storage answers', async () => {
    await hear(core.guard.run(callOf()));
    core.store.waitFor = undefined;
    answer();
    upstream.script(upstreams.answer());
    assert.equal((await hear(core.guard.run(callOf()))).result.kind, 'done');
  });
});
