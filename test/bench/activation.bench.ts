import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { callguardVsix, packageVsix } from '../../scripts/vsix.ts';
import { until } from '../support/vscode/until.ts';
import type { Window } from '../support/vscode/window.ts';
import { Workbench } from '../support/vscode/workbench.ts';
import { judged, quantile, type ReadOff, type Row } from './bench.ts';

const starts = 10;
const atMostMs = 25;
const atMostKb = 250;

/** As `Developer: Startup Performance` has it, in whole milliseconds. */
interface ActivationTimes {
  readonly load: number;
  readonly call: number;
  /** From the return of `activate()` until what it returned is settled. */
  readonly finish: number;
}

/** Of the packaged VSIX, each time in an extension host of its own, as a new window has. */
async function readActivation(): Promise<Row[]> {
  await packageVsix(root, callguardVsix);
  const workbench = await Workbench.start();
  try {
    const all: ActivationTimes[] = [];
    while (all.length < starts) {
      const window = await workbench.openWindow();
      all.push(await readTimes(window));
      await window.close();
    }
    const median = (of: (times: ActivationTimes) => number) => quantile(all.map(of), 0.5);
    const bytes = await loadedBytes(path.join(workbench.folder, 'extensions'));
    return [
      // What `Developer: Show Running Extensions` calls the activation.
      judged(
        { name: 'activation, code and call, median of 10', unit: 'ms' },
        median(({ load, call }) => load + call),
        atMostMs,
      ),
      judged(
        { name: 'activation, code alone', unit: 'ms' },
        median(({ load }) => load),
      ),
      judged(
        { name: 'activation, until it is finished', unit: 'ms' },
        median(({ finish }) => finish),
      ),
      judged({ name: 'activation, loaded', unit: 'kB' }, bytes / 1_000, atMostKb),
    ];
  } finally {
    await workbench.stop();
  }
}

async function readTimes(window: Window): Promise<ActivationTimes> {
  await until(
    "Callguard's item in the status bar",
    () => window.statusBarItem('callguard'),
    (item) => item !== undefined,
  );
  await window.runCommand('Developer: Startup Performance');
  const times = await until(
    "Callguard's line among the activation times",
    async () => timesIn(await window.editorText()),
    (found): found is ActivationTimes => found !== undefined,
  );
  return times;
}

/** A line is `| callguard.callguard | false | load | call | finish | event | by |`. */
function timesIn(text: string): ActivationTimes | undefined {
  const line = /\|\s*callguard\.callguard\s*\|\s*\w+\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|/.exec(text);
  if (line === null) return undefined;
  const [load = NaN, call = NaN, finish = NaN] = line.slice(1).map(Number);
  return { load, call, finish };
}

/** All that activation loads is in one file; a test of the bundle sees to that. */
async function loadedBytes(extensions: string): Promise<number> {
  const folder = (await readdir(extensions)).find((name) => name.startsWith('callguard.callguard-'));
  if (folder === undefined) throw new Error(`Callguard is not installed in ${extensions}.`);
  return (await stat(path.join(extensions, folder, 'dist', 'extension.cjs'))).size;
}

export const benches: ReadOff[] = [{ name: 'activation', rows: readActivation }];
