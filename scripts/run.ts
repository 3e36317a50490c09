import { once } from 'node:events';
import process from 'node:process';
import { Explained } from './explained.ts';
import { root } from './paths.ts';
import { startGroup, stopGroup } from './process-groups.ts';

export interface RunOptions {
  cwd?: string;
  /** On top of ours; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
}

export interface RunResult {
  code: number;
  /** Standard output and standard error, as they came. */
  output: string;
}

/** Runs a command to its end. A code other than 0 is a result; a command that cannot be started is an error. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const group = startGroup(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
  });
  const { leader } = group;
  let output = '';
  const collect = (text: string): void => {
    output += text;
  };
  leader.stdout.setEncoding('utf8').on('data', collect);
  leader.stderr.setEncoding('utf8').on('data', collect);
  await once(leader, 'close');
  const code = leader.exitCode ?? 1;
  await stopGroup(group);
  return { code, output };
}

/** Runs a command that has to succeed; otherwise its whole output is the failure. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    throw new Explained(`${[command, ...args].join(' ')} ended with code ${code}:\n${output.trimEnd()}`);
  }
  return output;
}
