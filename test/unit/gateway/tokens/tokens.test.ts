import assert from 'node:assert/strict';
import { TokenBook } from '../../../../src/gateway/tokens/tokens.ts';
import { KnownSecrets } from '../../../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../../../src/redaction/prompt-scan.ts';
import { createRedactor } from '../../../../src/redaction/redact.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { MemoryTokens } from '../../../support/gateway.ts';

describe('TokenBook', () => {
  const book = () => {
    const store = new MemoryTokens();
    return { store, book: new TokenBook(store, new FakeClock()) };
  };

  it('issues tokens of 256 random bits and stores only their hash', async () => {
    const { store, book: tokens } = book();
    const { token } = await tokens.issue({ kind: 'calls', tenant: 'work' });
    assert.equal(Buffer.from(token.replace('callguard_', ''), 'base64url').length, 32);
    assert.ok(!JSON.stringify(store.rows).includes(token.slice(10)));
    const [row] = store.rows;
    assert.equal(await tokens.grantOf(row?.hash ?? ''), undefined);
    assert.deepEqual(await tokens.grantOf(token), { kind: 'calls', tenant: 'work' });
  });

  it('issues tokens that redaction and the prompt check recognize', async () => {
    const { book: tokens } = book();
    for (let n = 0; n < 50; n++) {
      const { token } = await tokens.issue({ kind: 'readOnly' });
      assert.equal(createRedactor().redact(`curl -d ${token} .`), 'curl -d callguard_*** .');
      const [found] = findSecrets(`use ${token}`, new KnownSecrets());
      assert.deepEqual([found?.kind, found?.length], ['callguard', token.length]);
    }
  });

  it('keeps one token for each tenant: a new token revokes the previous one', async () => {
    const { store, book: tokens } = book();
    const first = await tokens.issue({ kind: 'calls', tenant: 'work' });
    const other = await tokens.issue({ kind: 'calls', tenant: 'play' });
    const second = await tokens.issue({ kind: 'calls', tenant: 'work' });
    assert.equal(store.rows.length, 2);
    assert.equal(await tokens.grantOf(first.token), undefined);
    assert.deepEqual(await tokens.grantOf(second.token), { kind: 'calls', tenant: 'work' });
    assert.deepEqual(await tokens.grantOf(other.token), { kind: 'calls', tenant: 'play' });
  });

  it('issues a token of its own for each terminal and revokes none', async () => {
    const { book: tokens } = book();
    const lasting = await tokens.issue({ kind: 'calls', tenant: 'work' });
    const terminals = [await tokens.issueForTerminal('work', 7), await tokens.issueForTerminal('work', 7)];
    const renewed = await tokens.issue({ kind: 'calls', tenant: 'work' });
    assert.equal(await tokens.grantOf(lasting.token), undefined);
    for (const { token } of [...terminals, renewed]) {
      assert.deepEqual(await tokens.grantOf(token), { kind: 'calls', tenant: 'work' });
    }
  });

  it('revokes a single token', async () => {
    const { book: tokens } = book();
    const management = await tokens.issue({ kind: 'management' });
    const reading = await tokens.issue({ kind: 'readOnly' });
    assert.equal(await tokens.revoke(management.id), true);
    assert.equal(await tokens.revoke(management.id), false);
    assert.equal(await tokens.grantOf(management.token), undefined);
    assert.deepEqual(await tokens.grantOf(reading.token), { kind: 'readOnly' });
  });

  it('accepts no token for a row that was damaged on disk', async () => {
    const { store, book: tokens } = book();
    const { token } = await tokens.issue({ kind: 'readOnly' });
    store.rows = store.rows.map((row) => ({ ...row, hash: '' }));
    assert.equal(await tokens.grantOf(token), undefined);
    assert.equal(await tokens.grantOf(''), undefined);
  });
});
