import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { noonZone } from '../../support/noon-zone.ts';
import type { Reserved } from './reserving-process.ts';

export interface Together {
  readonly granted: number;
  readonly refused: number;
  readonly perSecond: number;
  readonly longestWaitMs: number;
  readonly longestBlockMs: number;
  /** Without the time in which other processes had the processor. */
  readonly longestOwnBlockMs: number;
}

/** Several processes ask for admissions under one cap at the same time. */
export async function reserveTogether(
  file: string,
  plan: { processes: number; each: number; cap: number; atOnce: number },
): Promise<Together> {
  const program = path.join(import.meta.dirname, 'reserving-process.ts');
  // The day of the cap must not end during the test.
  const args = [file, plan.each, plan.cap, plan.atOnce, noonZone].map(String);
  const children = Array.from({ length: plan.processes }, () => fork(program, args));
  try {
    await Promise.all(children.map((child) => messageOf(child)));
    const results = children.map((child) => messageOf(child) as Promise<[Reserved]>);
    for (const child of children) child.send('go');
    const reserved = (await Promise.all(results)).map(([message]) => message);
    const startMs = Math.min(...reserved.map(({ startMs }) => startMs));
    const endMs = Math.max(...reserved.map(({ endMs }) => endMs));
    return {
      granted: reserved.reduce((sum, { granted }) => sum + granted, 0),
      refused: reserved.reduce((sum, { refused }) => sum + refused, 0),
      perSecond: ((plan.processes * plan.each) / (endMs - startMs)) * 1_000,
      longestWaitMs: Math.max(...reserved.map(({ longestWaitMs }) => longestWaitMs)),
      longestBlockMs: Math.max(...reserved.map(({ blocked }) => blocked.longestMs)),
      longestOwnBlockMs: Math.max(...reserved.map(({ blocked }) => blocked.longestOwnMs)),
    };
  } finally {
    for (const child of children) child.kill();
  }
}

/** The next message of the child. Rejects if the child exits without one. */
async function messageOf(child: ChildProcess): Promise<unknown[]> {
  const ended = new AbortController();
  const onExit = () => {
    ended.abort(new Error('a process ended before it had told its result'));
  };
  child.once('exit', onExit);
  try {
    const message: unknown[] = await once(child, 'message', { signal: ended.signal });
    return message;
  } finally {
    child.off('exit', onExit);
  }
}
