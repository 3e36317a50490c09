import assert from 'node:assert/strict';
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { createMemorySecrets } from '../../src/headless/memory-secrets.ts';
import { signedAnchorFile } from '../../src/ledger/audit/audit-anchor.ts';
import { defaultLedgerSettings } from '../../src/ledger/ledger-settings.ts';
import { startLedger, type StartedLedger } from '../../src/ledger/start-ledger.ts';
import { sleep, systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { guardOver } from '../bench/instant.ts';
import { folder, letGo, openWindow } from '../integration/ledger/ledger-fixture.ts';
import { auditKey } from '../integration/ledger/ledger-requests.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { callOf, hear } from '../support/guard-fixture.ts';
import { testRing } from '../support/open-ledger.ts';
import type { Asked, Reported } from './first-version-process.ts';

/** The last commit of the first version, whose ledger has schema 4. */
const firstVersion = '79a353b';
const repository = path.join(import.meta.dirname, '../..');
const program = path.join(import.meta.dirname, 'first-version-process.ts');
const calls = 200;
const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, stdio: 'pipe' });
const nothing: Asked = { calls: 0, atOnce: 1, inProgress: 'none', everyWrite: false };

describe('a ledger that a window of the first version and one of this version share', () => {
  let home: string;
  let file: string;
  let anchorFile: string;
  let older: ChildProcess;
  let current: StartedLedger;

  /** Everything that the ledger counts, and how long its trail is. */
  const counted = () => ({
    totals: current.store.usage.totals('0000', '9999', {}),
    counters: current.store.counters.all(),
    acme: current.store.providers.get('acme'),
    gateway: current.store.gateway.state(),
    tokens: current.store.tokens.all(),
    keys: current.store.listedKeys(),
    rows: current.store.audit.head()?.seq,
  });
  const call = () => hear(guardOver(current.ledger).run(callOf()));

  async function openOlder(): Promise<[ChildProcess, string]> {
    const child = fork(program, [path.join(home, 'first'), file, anchorFile]);
    const [state] = (await once(child, 'message')) as [string];
    return [child, state];
  }

  async function ask(child: ChildProcess, asked: Partial<Asked>): Promise<Reported> {
    const answer = once(child, 'message') as Promise<[Reported]>;
    child.send({ ...nothing, ...asked });
    return (await answer)[0];
  }

  before(async () => {
    home = folder();
    [file, anchorFile] = [path.join(home, 'ledger.db'), path.join(home, 'anchor.json')];
    git('worktree', 'add', '--detach', path.join(home, 'first'), firstVersion);
    symlinkSync(path.join(repository, 'node_modules'), path.join(home, 'first', 'node_modules'), 'junction');
    const [child, state] = await openOlder();
    assert.equal(state, 'open');
    older = child;
    const { results } = await ask(older, { calls, atOnce: 10, inProgress: 'begin' });
    assert.deepEqual(results, { done: calls });
    // Its trail is anchored by then.
    while (!existsSync(anchorFile)) await sleep(systemClock, 50);
    current = await startLedger({
      ...{ file, anchorFile, timeZone: 'UTC', settings: defaultLedgerSettings },
      ...{ clock: systemClock, random: systemRandom, auditKey: () => auditKey },
      ...{ ring: testRing, secrets: createMemorySecrets() },
      onTrouble: (error) => {
        throw error;
      },
    });
  });

  after(() => {
    older.kill();
    current.dispose();
    rmSync(path.join(home, 'first', 'node_modules'));
    git('worktree', 'remove', '--force', path.join(home, 'first'));
    letGo();
  });

  it('keeps the sums, the call in progress and the trail of the first version', async () => {
    const { totals, rows } = counted();
    assert.deepEqual([totals.requests, totals.heldRequests, rows], [calls, 1, calls]);
    const { faults, isAnchorSigned } = await current.trail.verify();
    assert.deepEqual([faults, isAnchorSigned], [[], false]);
  });

  it('refuses every call and every write of the first version after the migration, and counts nothing', async () => {
    const before = counted();
    const anchor = readFileSync(anchorFile, 'utf8');
    const { results, writes, troubles } = await ask(older, {
      ...{ calls, atOnce: 10, everyWrite: true, inProgress: 'end' },
    });
    console.log(`    the first version: ${JSON.stringify(results)}`);
    for (const [name, outcome] of Object.entries(writes)) console.log(`    ${name}: ${outcome}`);
    const [result = ''] = Object.keys(results);
    assert.match(result, /^refused: ledger: /);
    assert.deepEqual(results, { [result]: calls });
    for (const [name, outcome] of Object.entries(writes)) assert.match(outcome, /^LedgerError: /, name);
    assert.ok(troubles.length > 0, 'it reported nothing to its log');
    assert.deepEqual(counted(), before);
    assert.equal(readFileSync(anchorFile, 'utf8'), anchor);
  });

  it('counts the calls of this version exactly while the first version goes on trying', async () => {
    const before = counted();
    const [{ results }] = await Promise.all([
      ask(older, { calls, atOnce: 10 }),
      (async () => {
        for (let n = 0; n < calls; n++) assert.equal((await call()).result.kind, 'done');
      })(),
    ]);
    assert.equal(Object.values(results)[0], calls);
    // Both have noticed what was written, and have anchored it, or tried to.
    await sleep(systemClock, 4_000);
    const after = counted();
    const head = current.store.audit.head();
    const anchor = JSON.parse(readFileSync(signedAnchorFile(anchorFile), 'utf8')) as {
      seq: number;
      mac: string;
    };
    assert.deepEqual(
      [after.totals.requests, after.totals.heldRequests, after.rows],
      [before.totals.requests + calls, 1, (before.rows ?? 0) + calls + 1],
      'each call has a row, and one says that the anchor is signed from now on',
    );
    assert.deepEqual([anchor.seq, anchor.mac], [head?.seq, Buffer.from(head?.mac ?? []).toString('hex')]);
    const { faults } = await current.trail.verify();
    console.log(
      `    beside it ${calls} calls counted: ${after.totals.requests} requests, ${after.rows} audit rows, faults ${faults.length}`,
    );
    assert.deepEqual(faults, []);
  });

  it('refuses a window of the first version that starts after the migration, and stays as it is', async () => {
    const before = counted();
    const [child, state] = await openOlder();
    console.log(`    started after the migration: ${state}`);
    assert.match(state, /^LedgerError: it was written by a newer Callguard \(schema \d+, this one knows 4\)/);
    const { results } = await ask(child, { calls: 20, atOnce: 5 });
    const [result = ''] = Object.keys(results);
    assert.match(result, /^refused: ledger: it was written by a newer Callguard/);
    assert.deepEqual(results, { [result]: 20 });
    child.kill();
    assert.deepEqual(counted(), before);
  });

  it('has no damage', async () => {
    assert.deepEqual(
      readdirSync(home).filter((name) => name.includes('damaged')),
      [],
    );
    const { db } = await openWindow(file, systemClock);
    assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
  });

  it('charges the call in progress of the first version once, after its hold expired', async () => {
    const before = counted().totals;
    const later = await openWindow(file, new FakeClock(Date.now() + 3_600_000));
    for (let n = 0; n < 3; n++) {
      const { result } = await hear(guardOver(later.ledger).run(callOf()));
      assert.equal(result.kind, 'done');
    }
    const { requests, heldRequests, estimated } = counted().totals;
    assert.deepEqual([requests - before.requests, heldRequests, estimated - before.estimated], [4, 0, 1]);
  });
});
