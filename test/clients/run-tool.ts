import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { image, noteSecret } from './conversation.ts';
import type { Task, Tool } from './tool.ts';

export interface ToolRun {
  /** Undefined if it was still running when its time was over. */
  readonly code: number | undefined;
  /** What it showed, without colours. */
  readonly output: string;
  readonly seconds: number;
  /** When it had shown what was waited for, on the clock of `performance.now()`; undefined if it never did. */
  readonly shownMs: number | undefined;
}

export interface RunOptions {
  /** The folder that it is installed in. */
  readonly folder: string;
  /** What it is to show. */
  readonly expected?: RegExp;
  /** Ends the tool. */
  readonly signal: AbortSignal;
  /** An address that refuses every request, for what would leave the machine. */
  readonly fence: string;
}

/** Runs a tool once, in a home folder of its own, which ends with it. */
export async function runTool(
  tool: Tool,
  task: (cwd: string) => Omit<Task, 'cwd' | 'home'>,
  { folder, expected, signal, fence }: RunOptions,
): Promise<ToolRun> {
  const own = mkdtempSync(path.join(tmpdir(), `callguard-tool-${tool.id}-`));
  const home = path.join(own, 'home');
  const cwd = path.join(own, 'work');
  mkdirSync(home);
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, 'note.txt'), `The secret word is ${noteSecret}.\n`);
  writeFileSync(path.join(cwd, 'red.png'), image);
  const { args, env, files = {} } = tool.invoke({ ...task(cwd), cwd, home });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(name), { recursive: true });
    writeFileSync(name, text);
  }
  const bin = tool.bin === undefined ? process.execPath : path.join(folder, 'node_modules', '.bin', tool.bin);
  const place = { cwd, env: { ...environment(home, fence), ...env, CLIENT_FOLDER: folder } };
  const startMs = performance.now();
  const child = spawn(bin, args, {
    ...place,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let shownMs: number | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (expected?.test(plain(output).replaceAll(/\s+/g, ' ')) === true) shownMs ??= performance.now();
    });
  }
  const stop = () => {
    end(child.pid);
  };
  signal.addEventListener('abort', stop);
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', stop);
  stop();
  for (const pid of startedIn(home)) end(pid);
  rmSync(own, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  const seconds = (performance.now() - startMs) / 1_000;
  return { code: signal.aborted ? undefined : (code ?? -1), output: plain(output), seconds, shownMs };
}

/** Ends a tool, and what it started in its process group. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (failure) {
    if (!isGone(failure)) throw failure;
  }
}

/** The leaders of the process groups that use this home folder: some tools start a daemon that outlives them. */
function startedIn(home: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => environmentOf(pid).includes(`\0HOME=${home}\0`)).map(Number);
}

function environmentOf(pid: string): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
  } catch (failure) {
    if (isGone(failure)) return '';
    throw failure;
  }
}

/** Whether a process has ended, or belongs to another user. */
function isGone(failure: unknown): boolean {
  return (
    failure instanceof Error &&
    'code' in failure &&
    ['ESRCH', 'ENOENT', 'EACCES', 'EPERM'].includes(String(failure.code))
  );
}

function environment(home: string, fence: string): Record<string, string> {
  const loopback = '127.0.0.1,localhost';
  return {
    PATH: `${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    NO_COLOR: '1',
    CI: '1',
    DO_NOT_TRACK: '1',
    HTTP_PROXY: fence,
    HTTPS_PROXY: fence,
    http_proxy: fence,
    https_proxy: fence,
    NO_PROXY: loopback,
    no_proxy: loopback,
  };
}

/** As a user sees it: without colours, and without the invisible characters that Callguard puts into some words. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\u2060', '');
}
