import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ledgerTokens } from '../../../src/gateway/tokens/ledger-tokens.ts';
import { TokenBook } from '../../../src/gateway/tokens/tokens.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { folder, letGoAfterEach, openWindow } from '../ledger/ledger-fixture.ts';

describe('ledgerTokens', () => {
  letGoAfterEach();
  let file: string;

  beforeEach(() => {
    file = path.join(folder(), 'ledger.db');
  });

  const openBook = async () => {
    const window = await openWindow(file, systemClock);
    const { store } = window;
    return { ...window, book: new TokenBook(ledgerTokens(store), systemClock) };
  };

  it('shows a token to all windows and refuses it as soon as one of them revokes it', async () => {
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

  it('keeps tokens for the next session', async () => {
    const before = await openBook();
    const { token } = await before.book.issue({ kind: 'calls', tenant: 'work' });
    before.dispose();
    assert.deepEqual(await (await openBook()).book.grantOf(token), { kind: 'calls', tenant: 'work' });
  });

  it('writes no part of a token to the file', async () => {
    const { dispose, db, book } = await openBook();
    const { token } = await book.issue({ kind: 'management' });
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const secret = token.slice('callguard_'.length);
    const bytes = readFileSync(file);
    assert.ok(bytes.includes('management'));
    for (const part of [secret, secret.slice(0, 12), Buffer.from(secret, 'base64url')]) {
      assert.equal(bytes.includes(part), false);
    }
    dispose();
  });

  it('writes an audit row with the grant when a token is created or revoked', async () => {
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

  it('revokes the tokens of a terminal after its window has ended', async () => {
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
