import process from 'node:process';
import type { TestEvent } from '../test/support/test-events.ts';
import { ensureBrowser } from './browser.ts';
import { describeFailure, runMain } from './explained.ts';
import { runHostPhase } from './host-phase.ts';
import { runMochaPhase } from './mocha-phase.ts';
import type { Processes, Selection } from './mocha-phase.ts';
import { runStaticPhase } from './static-phases.ts';
import { Tally } from './tally.ts';
import { parseTestArguments, phaseNames } from './test-arguments.ts';
import type { PhaseName } from './test-arguments.ts';
import { ensureVscodeServer } from './vscode-server.ts';
import { preparePackages } from './vscode-packages.ts';

// Far more than the longest takes here, and than a test waits for something before it says for what.
const testTimeoutMs = 60_000;
// A window alone takes some seconds to open, and far more on a busy machine.
const workbenchTestTimeoutMs = 120_000;
// Each file that drives the workbench has a process of its own, so that no window is left over from another. One alone
// leaves a quarter of two cores unused; more only wait for each other. The tests in plain Node wait far more than they
// work: for sockets, files and other processes.
const processes = {
  unit: { atOnce: 2, filesEach: 20 },
  integration: { atOnce: 3, filesEach: 8 },
  workbench: { atOnce: 2, filesEach: 1 },
};

type Phase = (selection: Selection, send: (event: TestEvent) => void) => Promise<void>;

await runMain(async () => {
  const { phases, selection } = parseTestArguments(process.argv.slice(2));
  const tally = new Tally();
  const run = createPhases(phases);
  for (const name of phaseNames) {
    if (!phases.has(name)) continue;
    const startMs = performance.now();
    console.log(`\n${name}`);
    try {
      await run[name](selection, (event) => {
        tally.add(name, event);
      });
    } catch (failure) {
      tally.add(name, { kind: 'failed', title: name, details: describeFailure(failure) });
    }
    console.log(`  ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  }
  if (!tally.close()) process.exitCode = 1;
});

function createPhases(wanted: ReadonlySet<PhaseName>): Record<PhaseName, Phase> {
  // What is fetched and packaged, and the three checks of the code, share the time and the cores with the tests in
  // plain Node, which leave much of both. The tests in VS Code then have them alone.
  const types = wanted.has('types') ? runStaticPhase('types') : undefined;
  const lint = wanted.has('lint') ? runStaticPhase('lint') : undefined;
  const format = wanted.has('format') ? runStaticPhase('format') : undefined;
  const needsVscode = wanted.has('host') || wanted.has('workbench');
  const checks = [types, lint, format].filter((running) => running !== undefined);
  const prepared = needsVscode ? prepareVscode(Promise.all(checks)) : Promise.resolve();
  // Whoever needs it says what is wrong with it.
  prepared.catch(() => undefined);

  const check =
    (result: Promise<TestEvent> | undefined): Phase =>
    async (_, send) => {
      if (result) send(await result);
    };
  const mocha =
    (folder: string, timeoutMs: number, spread: Processes): Phase =>
    (selection, send) =>
      runMochaPhase(folder, timeoutMs, spread, selection, send);
  const inVscode =
    (phase: Phase): Phase =>
    async (selection, send) => {
      await prepared;
      await phase(selection, send);
    };
  return {
    types: check(types),
    lint: check(lint),
    format: check(format),
    unit: mocha('test/unit', testTimeoutMs, processes.unit),
    integration: mocha('test/integration', testTimeoutMs, processes.integration),
    host: inVscode(runHostPhase),
    workbench: inVscode(mocha('test/vscode/workbench', workbenchTestTimeoutMs, processes.workbench)),
  };
}

async function prepareVscode(checks: Promise<unknown>): Promise<void> {
  await Promise.all([ensureVscodeServer(console.log), ensureBrowser(console.log), checks]);
  await preparePackages();
}
