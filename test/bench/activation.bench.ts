import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { callguardVsix, packageVsix } from '../../scripts/vsix.ts';
import { packageSmallExtension } from '../support/vscode/small-extension.ts';
import { until } from '../support/vscode/until.ts';
import type { Window } from '../support/vscode/window.ts';
import { Workbench } from '../support/vscode/workbench.ts';
import { judged, quantile, type ReadOff, type Row } from './bench.ts';

const starts = 10;
const atMostMs = 25;
const atMostKb = 250;

/** As `Developer: Startup Performance` has it, in whole milliseconds. */
interface ActivationTimes {
  /** Of the main file. VS Code loads extensions one within the other, so it has a part of its neighbours' time. */
  readonly load: number;
  /** Until `activate()` returns, if only a promise. */
  readonly call: number;
  /** From the return of `activate()` until what it returned is settled. */
  readonly finish: number;
}

/** One with nothing to do, beside Callguard: what VS Code reports of any extension. */
const emptyExtension = {
  publisher: 'callguard-bench',
  name: 'empty',
  displayName: 'Empty',
  description: 'Does nothing.',
  code: 'exports.activate = () => undefined;\n',
};

/** Of the packaged VSIX, each time in an extension host of its own, as a new window has. */
async function readActivation(): Promise<Row[]> {
  await packageVsix(root, callguardVsix);
  const emptyVsix = await packageSmallExtension('empty-extension', emptyExtension);
  const workbench = await Workbench.start({ isWhole: true, extensions: [callguardVsix, emptyVsix] });
  try {
    const all: { readonly ours: ActivationTimes; readonly empty: ActivationTimes }[] = [];
    while (all.length < starts) {
      const window = await workbench.openWindow();
      all.push(await readTimes(window));
      await window.close();
    }
    const ours = all.map((times) => times.ours);
    const empty = all.map((times) => times.empty);
    const bytes = await loadedBytes(path.join(workbench.folder, 'extensions'));
    return [
      {
        ...judged(
          { name: 'activation, median of 10', unit: 'ms' },
          quantile(ours.map(reported), 0.5),
          atMostMs,
        ),
        peers: { 'empty extension': quantile(empty.map(reported), 0.5) },
      },
      judged(
        { name: 'activation, from there until it is finished', unit: 'ms' },
        quantile(
          ours.map(({ finish }) => finish),
          0.5,
        ),
      ),
      judged({ name: 'activation, loaded', unit: 'kB' }, bytes / 1_000, atMostKb),
    ];
  } finally {
    await workbench.stop();
  }
}

/**
 * What VS Code calls the activation, in `Developer: Show Running Extensions` and on an extension's page: `syncTime` in
 * its `abstractRuntimeExtensionsEditor.ts`. What becomes of a promise that `activate()` returned is no part of it.
 */
function reported({ load, call }: ActivationTimes): number {
  return load + call;
}

async function readTimes(window: Window): Promise<{ ours: ActivationTimes; empty: ActivationTimes }> {
  await until(
    "Callguard's item in the status bar",
    () => window.statusBarItem('callguard'),
    (item) => item !== undefined,
  );
  await window.runCommand('Developer: Startup Performance');
  return until(
    'the activation times',
    async () => {
      const text = await window.editorText();
      return {
        ours: timesIn(text, 'callguard.callguard'),
        empty: timesIn(text, `${emptyExtension.publisher}.${emptyExtension.name}`),
      };
    },
    (found): found is { ours: ActivationTimes; empty: ActivationTimes } =>
      found.ours !== undefined && found.empty !== undefined,
  );
}

/** A line is `| id | false | load | call | finish | event | by |`. */
function timesIn(text: string, id: string): ActivationTimes | undefined {
  const columns = text
    .split('\n')
    .map((line) => line.split('|').map((column) => column.trim()))
    .find(([, first]) => first === id);
  if (columns === undefined) return undefined;
  const [load = NaN, call = NaN, finish = NaN] = columns.slice(3).map(Number);
  return { load, call, finish };
}

/** All that is loaded until activation is finished is in two files; a test of the bundle sees to that. */
async function loadedBytes(extensions: string): Promise<number> {
  const folder = (await readdir(extensions)).find((name) => name.startsWith('callguard.callguard-'));
  if (folder === undefined) throw new Error(`Callguard is not installed in ${extensions}.`);
  const files = ['extension.cjs', 'core.cjs'].map((file) => path.join(extensions, folder, 'dist', file));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export const benches: ReadOff[] = [{ name: 'activation', rows: readActivation }];
