import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Explained } from './explained.ts';

const termGraceMs = 3000;
const pollMs = 25;

/** Ids of groups, and how they are ended when we end without stopping them. */
const groups = new Map<number, NodeJS.Signals>();
let watchingExit = false;

export interface ProcessGroup<Leader extends ChildProcess = ChildProcessByStdio<null, Readable, Readable>> {
  /** The leader's process id, which is the group's id too. */
  id: number;
  leader: Leader;
}

/** Starts a command as the leader of a group of its own, so that it can be stopped with all that it started. */
export function startGroup(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): ProcessGroup {
  return ownGroup(spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/**
 * Takes over a child that was started with `detached`, and so leads a group. It does not outlive us.
 *
 * @param lastSignal SIGTERM for a child that has groups of its own to end
 */
export function ownGroup<Leader extends ChildProcess>(
  leader: Leader,
  lastSignal: NodeJS.Signals = 'SIGKILL',
): ProcessGroup<Leader> {
  const id = leader.pid;
  if (id === undefined) {
    leader.once('error', () => {
      // Said below, at once and to the caller.
    });
    throw new Explained(`${leader.spawnfile} could not be started.`);
  }
  groups.set(id, lastSignal);
  watchExit();
  return { id, leader };
}

/** Asks the whole group to end, and after a grace period ends what is left of it. */
export async function stopGroup(group: ProcessGroup<ChildProcess>): Promise<void> {
  const { leader } = group;
  const ended = leader.exitCode !== null || leader.signalCode !== null ? undefined : once(leader, 'exit');
  signalGroup(group.id, 'SIGTERM');
  const deadline = performance.now() + termGraceMs;
  while (signalGroup(group.id, 0) && performance.now() < deadline) await delay(pollMs);
  signalGroup(group.id, 'SIGKILL');
  await ended;
  groups.delete(group.id);
}

/** Returns whether there was anybody to signal. */
function signalGroup(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-id, signal);
  } catch (failure) {
    const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
    // macOS answers EPERM for a group of which only zombies are left.
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw failure;
  }
}

function watchExit(): void {
  if (watchingExit) return;
  watchingExit = true;
  process.on('exit', () => {
    for (const [id, lastSignal] of groups) signalGroup(id, lastSignal);
  });
  const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => {
      // Exiting runs the 'exit' listener above. Whoever wants a gentler end listens before us.
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}
