import net from 'node:net';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Explained } from '../../../scripts/explained.ts';
import { startGroup, stopGroup } from '../../../scripts/process-groups.ts';
import type { Addresses } from '../other-gateway.ts';

/** Another gateway, installed and started for a run of the corpus. */
export interface Peer {
  readonly name: string;
  /** Installs it where it is not yet there, and starts it in front of the provider at this origin. */
  start(upstream: string): Promise<RunningPeer>;
}

export interface RunningPeer {
  readonly addresses: Addresses;
  stop(): Promise<void>;
}

interface Program {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it listens when it is ready. */
  readonly port: number;
}

const startMs = 60_000;
const pollMs = 100;

/** Starts a program of Node.js, waits until its port answers, and gives what stops it. */
export async function startProgram({ args, cwd, env, port }: Program): Promise<() => Promise<void>> {
  const group = startGroup(process.execPath, args, { cwd, env: { ...process.env, ...env } });
  const { leader } = group;
  let output = '';
  for (const stream of [leader.stdout, leader.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-2_000);
    });
  }
  const deadline = performance.now() + startMs;
  while (!(await answers(port))) {
    if (leader.exitCode !== null || performance.now() > deadline) {
      await stopGroup(group);
      throw new Explained(`It does not answer at its port:\n${output.trimEnd()}`);
    }
    await delay(pollMs);
  }
  return () => stopGroup(group);
}

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => {
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
  socket.destroy();
  return connected;
}
