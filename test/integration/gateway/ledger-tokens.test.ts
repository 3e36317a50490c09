import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ledgerTokens } from '../../../src/gateway/ledger-tokens.ts';
import { TokenBook } from '../../../src/gateway/tokens.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { folder, letGoAfterEach, openWindow } from '../ledger/ledger-fixture.ts';

describe('tokens in the ledger', () => {
  letGoAfterEach();
  let file: string;

  beforeEach(() => {
    file = path.join(folder(), 'ledger.db');
  });

  const openBook = async () => {
    const { store, db } = await openWindow(file, systemClock);
    return { store, db, book: new TokenBook(ledgerTokens(store), systemClock) };
  };

  it('made in one window are known in the others, and refused at once when any revokes them', async () => {
    const [first, second] = [await openBook(), await openBook()];
    const grants = [{ kind: 'calls', tenant: 'work' }, { kind: 'management' }, { kind: 'readOnly' }] as const;
    for (const grant of grants) {
      const { id, token } = await first.book.issue(grant);
      assert.deepEqual(await second.book.grantOf(token), grant);
      assert.equal(await second.book.revoke(id), true);
      assert.equal(await first.book.grantOf(token), undefined);
      assert.equal(await first.book.revoke(id), false);
    }
  });

  it('last over sessions', async () => {
    const before = await openBook();
    const { token } = await before.book.issue({ kind: 'calls', tenant: 'work' });
    before.store.dispose();
    assert.deepEqual(await (await openBook()).book.grantOf(token), { kind: 'calls', tenant: 'work' });
  });

  it('leave neither themselves nor a part of them in the file', async () => {
    const { store, db, book } = await openBook();
    const { token } = await book.issue({ kind: 'management' });
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const secret = token.slice('callguard_'.length);
    const bytes = readFileSync(file);
    assert.ok(bytes.includes('management'));
    for (const part of [secret, secret.slice(0, 12), Buffer.from(secret, 'base64url')]) {
      assert.equal(bytes.includes(part), false);
    }
    store.dispose();
  });

  it('are audited when they are made and when they are revoked, by what they let in', async () => {
    const { store, book } = await openBook();
    const { id } = await book.issue({ kind: 'calls', tenant: 'work' });
    const terminal = await book.issueForTerminal('play', process.pid);
    await book.revoke(id);
    const said = store.audit.after(0, 10).map(({ body }) => JSON.parse(body) as unknown);
    const work = { token: id, grant: 'calls', tenant: 'work' };
    assert.deepEqual(said, [
      { act: 'issueToken', ...work },
      { act: 'issueToken', token: terminal.id, grant: 'calls', tenant: 'play', for: 'terminal' },
      { act: 'revokeToken', ...work },
    ]);
  });

  it('of a terminal are revoked once its window is dead', async () => {
    const { book } = await openBook();
    const dead = await book.issueForTerminal('work', 1);
    const alive = await book.issueForTerminal('work', 2);
    const lasting = await book.issue({ kind: 'calls', tenant: 'work' });
    await book.revokeOrphans((process) => process === 2);
    const grants = await Promise.all([dead, alive, lasting].map(({ token }) => book.grantOf(token)));
    assert.deepEqual(
      grants.map((grant) => grant !== undefined),
      [false, true, true],
    );
  });
});
