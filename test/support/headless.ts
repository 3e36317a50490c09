import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { root } from '../../scripts/paths.ts';
import type { Probed, ProbeQuestion } from './headless-probe.ts';
import type { SeenWork } from './work-watch.ts';

export interface HeadlessOptions {
  /** What stands in the settings file, by the names that VS Code has for it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The folder of its ledger; one of its own, removed in the end, if absent. */
  readonly home?: string;
  readonly port?: number;
  /** The tools that get a token of their own. */
  readonly tools?: readonly string[];
  /** On top of `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a headless Callguard ended that did not start, or was stopped. */
export interface Ended {
  readonly code: number | null;
  readonly log: string;
}

/** Callguard without VS Code, in a process of its own. */
export interface Headless {
  readonly pid: number;
  readonly home: string;
  readonly port: number;
  readonly origin: string;
  readonly tokens: z.infer<typeof tokensSchema>;
  /** Its standard error so far. */
  readonly log: string;
  /** Replaces the text of its settings file. */
  write(text: string): void;
  writeSettings(settings: Readonly<Record<string, unknown>>): void;
  probe(): Promise<Probed>;
  /** Begins to watch the work of its thread, and forgets what it saw before. */
  watchWork(): Promise<unknown>;
  /** What was seen since. */
  seenWork(): Promise<SeenWork>;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<Ended>;
  kill(): void;
}

const tokensSchema = z.strictObject({
  calls: z.string(),
  readOnly: z.string(),
  management: z.string(),
  /** By the ids of the tools that were asked for. */
  tools: z.record(z.string(), z.string()).optional(),
});
const lineSchema = z.strictObject({ port: z.int(), tokens: tokensSchema });

/** Rejects with its log if it does not start. */
export async function startHeadless(options: HeadlessOptions): Promise<Headless> {
  const started = await tryHeadless(options);
  if ('code' in started) throw new Error(`headless Callguard ended with ${started.code}:\n${started.log}`);
  return started;
}

export async function tryHeadless(options: HeadlessOptions): Promise<Headless | Ended> {
  const own = mkdtempSync(path.join(tmpdir(), 'callguard-headless-'));
  const settingsFile = path.join(own, 'settings.json');
  const home = options.home ?? path.join(own, 'home');
  const write = (text: string) => {
    writeFileSync(settingsFile, text);
  };
  write(JSON.stringify(options.settings));
  const child = spawn(
    process.execPath,
    [
      '--import',
      path.join(import.meta.dirname, 'headless-probe.ts'),
      path.join(root, 'scripts', 'headless.ts'),
      ...['--settings', settingsFile, '--home', home, '--port', String(options.port ?? 0)],
      ...(options.tools ?? []).flatMap((tool) => ['--tool', tool]),
    ],
    {
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'close').then(([code]: unknown[]): Ended => {
    rmSync(own, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    return { code: typeof code === 'number' ? code : null, log };
  });
  const first = await Promise.race([ended, firstLine(child)]);
  if (typeof first !== 'string') return first;
  const ask = async <T>(question: ProbeQuestion): Promise<T> => {
    const answer = once(child, 'message') as Promise<[T]>;
    child.send(question);
    return (await answer)[0];
  };
  const { port, tokens } = lineSchema.parse(JSON.parse(first));
  return {
    pid: child.pid ?? 0,
    home,
    port,
    origin: `http://127.0.0.1:${port}`,
    tokens,
    get log() {
      return log;
    },
    write,
    writeSettings: (settings) => {
      write(JSON.stringify(settings));
    },
    probe: () => ask<Probed>('probe'),
    watchWork: () => ask('watch work'),
    seenWork: () => ask<SeenWork>('seen work'),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Never resolves where there is none. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout !== null) createInterface(child.stdout).once('line', resolve);
  });
}
