import { fork } from 'node:child_process';
import { once } from 'node:events';
import { glob, stat } from 'node:fs/promises';
import path from 'node:path';
import type { TestEvent } from '../test/support/test-events.ts';
import { Explained } from './explained.ts';
import { root } from './paths.ts';
import { ownGroup, stopGroup } from './process-groups.ts';

export interface Selection {
  /** Test files relative to the root; all of the phase if empty. */
  files: readonly string[];
  /** Part of the full title of a test; '' for all. */
  grep: string;
}

type Send = (event: TestEvent) => void;

/** How the files of a phase are spread over processes. */
export interface Processes {
  atOnce: number;
  /** So many files each process runs, one after the other. */
  filesEach: number;
}

/** Runs the mocha tests under a folder, the longest files first, as a longer file takes longer. */
export async function runMochaPhase(
  folder: string,
  timeoutMs: number,
  { atOnce, filesEach }: Processes,
  selection: Selection,
  send: Send,
): Promise<void> {
  const waiting = await longestFirst(await selectFiles(folder, selection));
  const runWaiting = async () => {
    while (waiting.length > 0) {
      await runProcess(folder, waiting.splice(0, filesEach), timeoutMs, selection.grep, send);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runWaiting));
}

async function longestFirst(files: readonly string[]): Promise<string[]> {
  const sized = await Promise.all(
    files.map(async (file) => ({ file, size: (await stat(path.join(root, file))).size })),
  );
  return sized.sort((a, b) => b.size - a.size).map(({ file }) => file);
}

async function runProcess(
  folder: string,
  files: readonly string[],
  timeoutMs: number,
  grep: string,
  send: Send,
): Promise<void> {
  const child = fork(
    path.join(import.meta.dirname, 'mocha-child.ts'),
    [grep, String(timeoutMs), ...files],
    // Its own group: tests start processes, and what they forget is ended with it.
    { cwd: root, detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const group = ownGroup(child, 'SIGTERM');
  const seen = { ended: false, tests: 0 };
  child.on('message', (event: TestEvent) => {
    if (event.kind === 'ended') seen.ended = true;
    else seen.tests++;
    send(event);
  });
  await once(child, 'exit');
  await stopGroup(group);
  if (!seen.ended) {
    const how = child.signalCode ?? `code ${String(child.exitCode)}`;
    send({ kind: 'failed', title: folder, details: `The test process ended early with ${how}.` });
  } else if (child.exitCode !== 0) {
    send({ kind: 'failed', title: folder, details: 'The tests left something open, which is listed above.' });
  } else if (seen.tests === 0 && grep === '') {
    send({ kind: 'failed', title: folder, details: 'There are test files, but no test ran.' });
  }
}

/** The test files under a folder that are selected; all of them if none is named. */
export async function selectFiles(folder: string, selection: Selection): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(`${folder}/**/*.test.ts`, { cwd: root })) files.push(file);
  files.sort();
  const missing = selection.files.find((file) => file.startsWith(`${folder}/`) && !files.includes(file));
  if (missing !== undefined) throw new Explained(`The test file ${missing} does not exist.`);
  const named = files.filter((file) => selection.files.includes(file));
  return named.length > 0 ? named : files;
}
