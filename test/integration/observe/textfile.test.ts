import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { Textfile } from '../../../src/observe/metrics/textfile.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/vscode/until.ts';
import { folder, letGoAfterEach, noonMs, openWindow, type Window } from '../ledger/ledger-fixture.ts';

interface Kept {
  readonly textfile: Textfile;
  readonly reported: string[];
}

function keep(window: Window, file: string | undefined, text: string): Kept {
  const reported: string[] = [];
  const textfile = new Textfile({
    store: window.store,
    clock: window.clock,
    file: () => file,
    text: () => Promise.resolve(text),
    onTrouble: (where, error) => reported.push(`${where}: ${String(error)}`),
  });
  return { textfile, reported };
}

/** Waits until a file contains a text. The file is written in real time, whatever the fake clock says. */
async function written(file: string, text: string): Promise<void> {
  await until(
    `${file} to hold ${JSON.stringify(text)}`,
    () => Promise.resolve(existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    (held) => held === text,
  );
}

describe('Textfile', () => {
  letGoAfterEach();

  async function setUp() {
    const home = folder();
    const window = await openWindow(path.join(home, 'ledger.db'), new FakeClock(noonMs));
    return { home, window, file: path.join(home, 'callguard.prom') };
  }

  it('writes the file every 30 seconds, readable by all, and leaves nothing else behind', async () => {
    const { home, window, file } = await setUp();
    const { textfile } = keep(window, file, 'one\n');
    const umask = process.umask(0o077);
    await window.clock.advance(30_000);
    await written(file, 'one\n');
    process.umask(umask);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o644);
    writeFileSync(file, 'stale');
    await window.clock.advance(30_000);
    await written(file, 'one\n');
    assert.deepEqual(
      readdirSync(home).filter((name) => name.endsWith('.tmp')),
      [],
    );
    textfile.dispose();
  });

  it('writes in one window at a time, and in the next one after that has closed', async () => {
    const { home, window, file } = await setUp();
    const other = await openWindow(path.join(home, 'ledger.db'), window.clock);
    const first = keep(window, file, 'first');
    await first.textfile.refresh();
    const second = keep(other, file, 'second');
    await second.textfile.refresh();
    assert.equal(readFileSync(file, 'utf8'), 'first');
    first.textfile.dispose();
    await window.clock.advance(60_000);
    await written(file, 'second');
    second.textfile.dispose();
  });

  it('writes nothing while no path is set', async () => {
    const { home, window } = await setUp();
    const { textfile, reported } = keep(window, undefined, 'x');
    await textfile.refresh();
    assert.deepEqual(
      readdirSync(home).filter((name) => name.endsWith('.prom')),
      [],
    );
    assert.deepEqual(reported, []);
    textfile.dispose();
  });

  it('reports once that the file cannot be written, and again only after a success', async () => {
    const { home, window } = await setUp();
    const missing = path.join(home, 'missing');
    const { textfile, reported } = keep(window, path.join(missing, 'callguard.prom'), 'x');
    await textfile.refresh();
    await textfile.refresh();
    assert.equal(reported.length, 1);
    assert.match(reported[0] ?? '', /ENOENT/);
    mkdirSync(missing);
    await textfile.refresh();
    rmSync(missing, { recursive: true });
    await textfile.refresh();
    assert.equal(reported.length, 2);
    textfile.dispose();
  });

  it('stops when its window closes', async () => {
    const { home, window, file } = await setUp();
    const { textfile } = keep(window, file, 'x');
    const witness = keep(window, path.join(home, 'witness.prom'), 'x');
    textfile.dispose();
    await textfile.refresh();
    await window.clock.advance(60_000);
    await written(path.join(home, 'witness.prom'), 'x');
    assert.throws(() => statSync(file), /ENOENT/);
    witness.textfile.dispose();
  });
});
