import assert from 'node:assert/strict';
import { createLazyGuard, maskingGuard } from '../../../src/guard/guard-wrappers.ts';
import { answer, callOf, guardWith, hear } from '../../support/guard-fixture.ts';

describe('createLazyGuard', () => {
  it('loads the guard with the first call, and once for all calls', async () => {
    const { guard } = guardWith([answer('one'), answer('two')]);
    let loads = 0;
    const lazy = createLazyGuard(() => {
      loads += 1;
      return Promise.resolve(guard);
    });
    assert.equal(loads, 0);
    const heard = await Promise.all([hear(lazy.run(callOf())), hear(lazy.run(callOf({ id: 'call-2' })))]);
    assert.deepEqual(heard.map(({ text }) => text).sort(), ['one', 'two']);
    assert.equal(loads, 1);
  });

  it('sends nothing for a call that comes after it was shut down unused', async () => {
    const { guard, sender } = guardWith([answer('too late')]);
    const lazy = createLazyGuard(() => Promise.resolve(guard));
    await lazy.shutDown();
    const { result } = await hear(lazy.run(callOf()));
    assert.equal(result.kind, 'aborted');
    assert.equal(sender.attempts.length, 0);
  });
});

describe('maskingGuard', () => {
  it('refuses a model whose name has a secret, and records it without the secret', async () => {
    const { guard, sender, ledger } = guardWith([answer('no')]);
    const masking = maskingGuard(guard, (name) => name.replaceAll('SECRET', '***'));
    const { result } = await hear(
      masking.run(callOf({ targets: [{ provider: 'acme', model: 'a-SECRET' }], caller: 'SECRET' })),
    );
    assert.ok(result.kind === 'refused' && result.refusal.kind === 'policy');
    assert.equal(sender.attempts.length, 0);
    assert.deepEqual(
      ledger.records.map(({ model, caller }) => [model, caller]),
      [['a-***', '***']],
    );
  });

  it('passes other names on', async () => {
    const { guard } = guardWith([answer('yes')]);
    const masking = maskingGuard(guard, (name) => name);
    assert.equal((await hear(masking.run(callOf()))).text, 'yes');
  });
});
