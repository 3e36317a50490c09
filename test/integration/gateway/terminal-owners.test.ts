import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { livingTokens, TerminalOwners } from '../../../src/gateway/tokens/terminal-owners.ts';
import type { TokenBook } from '../../../src/gateway/tokens/tokens.ts';
import { gatewayLimits } from '../../../src/shared/limits.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ledgerFileIn, openLedgerIn, tokensOf } from '../../support/gateway-window.ts';
import { folder, letGoAfterEach } from '../ledger/ledger-fixture.ts';

const program = path.join(import.meta.dirname, '../../support/terminal-window.ts');
const work = { kind: 'calls', tenant: 'work' };

describe('TerminalOwners', () => {
  letGoAfterEach();
  let home: string;
  let file: string;
  let close: () => void;
  let book: TokenBook;
  let clock: FakeClock;
  let owners: TerminalOwners;

  beforeEach(async () => {
    home = folder();
    const ledger = await openLedgerIn(home);
    file = ledgerFileIn(home);
    close = () => {
      ledger.dispose();
    };
    book = tokensOf(ledger.store);
    clock = new FakeClock();
    owners = new TerminalOwners(file, clock);
  });
  afterEach(() => {
    close();
  });

  /** A window with a guarded terminal, and the token of that. */
  const openTerminal = async (): Promise<{ window: ChildProcess; token: string }> => {
    const window = fork(program, [home]);
    const [token] = (await once(window, 'message')) as [string];
    return { window, token };
  };
  const kill = async (window: ChildProcess) => {
    window.kill('SIGKILL');
    await once(window, 'exit');
  };

  it('ends the token of a window that was killed within seconds', async () => {
    const { window, token } = await openTerminal();
    const tokens = livingTokens(book, owners);
    assert.deepEqual((await tokens.rowOf(token))?.grant, work);
    await kill(window);
    await clock.advance(gatewayLimits.ownerCheckMs);
    assert.equal((await tokens.rowOf(token))?.grant, undefined);
  });

  it('keeps the token of a living window, however long it lives', async () => {
    const { window, token } = await openTerminal();
    const tokens = livingTokens(book, owners);
    for (let n = 0; n < 3; n++) {
      assert.deepEqual((await tokens.rowOf(token))?.grant, work);
      await clock.advance(24 * 3_600_000);
    }
    await kill(window);
  });

  it('gives no new life to a token when another process gets the id of its process', async () => {
    const { token } = await book.issueForTerminal('work', process.pid);
    // This process is alive, and has that id, but did not open that terminal.
    assert.equal((await livingTokens(book, owners).rowOf(token))?.grant, undefined);
    await owners.hold(book);
    assert.equal((await livingTokens(book, owners).rowOf(token))?.grant, undefined);
    assert.equal(await book.rowOf(token), undefined);
    const own = await book.issueForTerminal('work', process.pid);
    assert.deepEqual((await livingTokens(book, owners).rowOf(own.token))?.grant, work);
  });

  it('revokes no token of a terminal that is opened later by the same window', async () => {
    await owners.hold(book);
    const first = await book.issueForTerminal('work', process.pid);
    await new TerminalOwners(file, clock).hold(book);
    assert.deepEqual((await livingTokens(book, owners).rowOf(first.token))?.grant, work);
  });

  it('removes the lock of a process that has ended', async () => {
    const { window } = await openTerminal();
    const lock = path.join(path.dirname(file), 'terminals', `${window.pid}.lock`);
    assert.ok(existsSync(lock));
    await kill(window);
    await book.revokeOrphans((id) => owners.isAlive(id));
    assert.ok(!existsSync(lock));
    assert.deepEqual(await book.all(), []);
  });

  it('leaves tokens without a terminal alone', async () => {
    const { token } = await book.issue({ kind: 'calls', tenant: 'work' });
    assert.deepEqual((await livingTokens(book, owners).rowOf(token))?.grant, work);
  });
});
