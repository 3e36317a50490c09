import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { Explained } from './explained.ts';
import { startGroup, stopGroup } from './process-groups.ts';
import type { ProcessGroup } from './process-groups.ts';
import { runOrThrow } from './run.ts';
import { withoutSteering } from './server-environment.ts';

const startTimeoutMs = 60_000;

/** Where one code-server keeps what is its own. Nothing of the user's own VS Code is read or written. */
export interface CodeServerHome {
  entry: string;
  folder: string;
}

export interface CodeServerOptions {
  /** 0 for a free one. */
  port: number;
  workspaceTrust: boolean;
  /** Options of VS Code's server that are not code-server's own, as `name=value`. */
  vscodeOptions?: readonly string[];
  /** On top of ours; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Then it has no network at all, not even to this machine, and listens on this socket alone. Linux only. */
  offlineSocket?: string;
}

/** Starts a command where there is no network: in a network namespace of its own, which is empty. */
export const withoutNetwork = ['unshare', '--map-root-user', '--net'] as const;

export interface RunningServer {
  url: string;
  group: ProcessGroup;
  /** What the server has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export function settingsFile(home: CodeServerHome): string {
  return path.join(home.folder, 'data', 'User', 'settings.json');
}

export async function installExtension(home: CodeServerHome, vsix: string): Promise<void> {
  await runOrThrow(
    process.execPath,
    [home.entry, ...ownFolders(home), '--install-extension', vsix, '--force'],
    { env: withoutSteering(process.env) },
  );
}

export async function startCodeServer(
  home: CodeServerHome,
  options: CodeServerOptions,
): Promise<RunningServer> {
  await mkdir(path.join(home.folder, 'data'), { recursive: true });
  const { offlineSocket } = options;
  const [where, listening] =
    offlineSocket === undefined
      ? [['--bind-addr', `127.0.0.1:${options.port}`], /HTTP server listening on (http:\/\/[\d.:]+)/]
      : [['--socket', offlineSocket], /HTTP server listening on (\/.+)/];
  const args = [
    ...ownFolders(home),
    ...['--auth', 'none', ...where],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ...(options.vscodeOptions ?? []).flatMap((option) => ['--vscode-option', option]),
  ];
  const around = offlineSocket === undefined ? [] : withoutNetwork;
  return startServer([home.entry, ...args], listening, options.env ?? {}, around);
}

/** Starts a server of VS Code with this Node, run by `around`, and waits until it says where it listens. */
export async function startServer(
  args: readonly string[],
  listening: RegExp,
  env: Readonly<Record<string, string | undefined>>,
  around: readonly string[] = [],
): Promise<RunningServer> {
  const [command = process.execPath, ...rest] = [...around, process.execPath, ...args];
  const group = startGroup(command, rest, {
    cwd: process.cwd(),
    env: { ...process.env, ...withoutSteering(process.env), ...env },
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string): void => {
      reject(new Explained(`The VS Code server ${reason}:\n${output.trimEnd()}`));
    };
    const timer = setTimeout(() => {
      fail(`did not listen within ${startTimeoutMs / 1000} s`);
    }, startTimeoutMs);
    const read = (text: string): void => {
      output += text;
      const found = listening.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    group.leader.stdout.setEncoding('utf8').on('data', read);
    group.leader.stderr.setEncoding('utf8').on('data', read);
    // Not at its exit: what it said last, which is why, may still be on its way.
    group.leader.once('close', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${String(code)}`);
    });
  }).catch(async (failure: unknown) => {
    await stopGroup(group);
    throw failure;
  });
  return { url, group, output: () => output, stop: () => stopGroup(group) };
}

function ownFolders(home: CodeServerHome): string[] {
  const own = (name: string): string => path.join(home.folder, name);
  return [
    ...['--config', own('config.yaml')],
    ...['--user-data-dir', own('data')],
    ...['--extensions-dir', own('extensions')],
  ];
}
