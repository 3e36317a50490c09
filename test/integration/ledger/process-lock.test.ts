import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ProcessLock } from '../../../src/ledger/db/process-lock.ts';
import { folder, letGoAfterEach } from './ledger-fixture.ts';

const program = path.join(import.meta.dirname, 'lock-holder.ts');

describe('ProcessLock', () => {
  letGoAfterEach();
  let file: string;
  let locks: ProcessLock[];

  beforeEach(() => {
    file = path.join(folder(), 'made-by-it', 'gateway.lock');
    locks = [];
  });
  afterEach(() => {
    for (const lock of locks) lock.free();
  });

  const create = () => {
    const lock = new ProcessLock(file);
    locks.push(lock);
    return lock;
  };
  const start = async () => {
    const child = fork(program, [file]);
    await once(child, 'message');
    return child;
  };

  it('belongs to one owner, who may take it again, until it is freed', async () => {
    const [first, second] = [create(), create()];
    assert.deepEqual([await first.take(), await second.take(), await first.take()], [true, false, true]);
    first.free();
    assert.deepEqual([await second.take(), await first.take()], [true, false]);
  });

  it('writes nothing to the file', async () => {
    const lock = create();
    for (let n = 0; n < 3; n++) assert.equal(await lock.take(), true);
    assert.deepEqual(readdirSync(path.dirname(file)), ['gateway.lock']);
    assert.equal(statSync(file).size, 0);
  });

  it('replaces a damaged file, which no process can lock', async () => {
    mkdirSync(path.dirname(file));
    writeFileSync(file, 'damaged'.repeat(1_000));
    const [first, second] = [create(), create()];
    assert.equal(await first.take(), false);
    assert.deepEqual([await first.take(), await second.take()], [true, false]);
  });

  it('is free as soon as its process is killed', async () => {
    const first = await start();
    await once(first, 'message');
    assert.equal(await create().take(), false);
    const second = await start();
    const taken = once(second, 'message');
    first.kill('SIGKILL');
    assert.deepEqual(await taken, ['has it', undefined]);
    second.kill('SIGKILL');
  });

  it('is lost with its file, so that two processes do not both keep it', async () => {
    const [first, second] = [create(), create()];
    assert.equal(await first.take(), true);
    rmSync(file);
    assert.equal(await second.take(), true);
    assert.deepEqual([await first.take(), await first.take()], [false, false]);
  });
});
