import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { Textfile } from '../../../src/observe/textfile.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { folder, letGoAfterEach, noonMs, openWindow, type Window } from '../ledger/ledger-fixture.ts';

interface Kept {
  readonly textfile: Textfile;
  readonly told: string[];
}

function keep(window: Window, file: string | undefined, text: string): Kept {
  const told: string[] = [];
  const textfile = new Textfile({
    store: window.store,
    clock: window.clock,
    file: () => file,
    text: () => Promise.resolve(text),
    onTrouble: (where, error) => told.push(`${where}: ${String(error)}`),
  });
  return { textfile, told };
}

/** Lets real writes of files come to their end between the steps of the clock. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  await clock.advance(ms);
  await new Promise((resolve) => setTimeout(resolve, 60));
}

describe('the metrics file', () => {
  letGoAfterEach();

  async function setUp() {
    const home = folder();
    const window = await openWindow(path.join(home, 'ledger.db'), new FakeClock(noonMs));
    return { home, window, file: path.join(home, 'callguard.prom') };
  }

  it('is written every 30 seconds, for all to read, and leaves nothing else behind', async () => {
    const { home, window, file } = await setUp();
    const { textfile } = keep(window, file, 'one\n');
    await pass(window.clock, 30_000);
    assert.equal(readFileSync(file, 'utf8'), 'one\n');
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o644);
    writeFileSync(file, 'stale');
    await pass(window.clock, 30_000);
    assert.equal(readFileSync(file, 'utf8'), 'one\n');
    assert.deepEqual(
      readdirSync(home).filter((name) => name.endsWith('.tmp')),
      [],
    );
    textfile.dispose();
  });

  it('is written by one window at a time, and by the next one when that is gone', async () => {
    const { home, window, file } = await setUp();
    const other = await openWindow(path.join(home, 'ledger.db'), window.clock);
    const first = keep(window, file, 'first');
    await first.textfile.refresh();
    const second = keep(other, file, 'second');
    await second.textfile.refresh();
    assert.equal(readFileSync(file, 'utf8'), 'first');
    first.textfile.dispose();
    await pass(window.clock, 60_000);
    assert.equal(readFileSync(file, 'utf8'), 'second');
    second.textfile.dispose();
  });

  it('is nowhere while no path is set', async () => {
    const { home, window } = await setUp();
    const { textfile, told } = keep(window, undefined, 'x');
    await textfile.refresh();
    assert.deepEqual(
      readdirSync(home).filter((name) => name.endsWith('.prom')),
      [],
    );
    assert.deepEqual(told, []);
    textfile.dispose();
  });

  it('tells once that it cannot be written, and again when that happens anew', async () => {
    const { home, window } = await setUp();
    const missing = path.join(home, 'missing');
    const { textfile, told } = keep(window, path.join(missing, 'callguard.prom'), 'x');
    await textfile.refresh();
    await textfile.refresh();
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /ENOENT/);
    mkdirSync(missing);
    await textfile.refresh();
    rmSync(missing, { recursive: true });
    await textfile.refresh();
    assert.equal(told.length, 2);
    textfile.dispose();
  });

  it('stops with its window', async () => {
    const { window, file } = await setUp();
    const { textfile } = keep(window, file, 'x');
    textfile.dispose();
    await textfile.refresh();
    await pass(window.clock, 60_000);
    assert.throws(() => statSync(file), /ENOENT/);
  });
});
