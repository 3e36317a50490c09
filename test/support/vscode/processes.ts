import { readFile, readdir, readlink } from 'node:fs/promises';
import { run } from '../../../scripts/run.ts';

export interface Process {
  pid: number;
  group: number;
  command: string;
}

/** All processes of the machine, apart from those that have ended and wait to be collected. */
export async function allProcesses(): Promise<Process[]> {
  const { output } = await run('ps', ['-A', '-o', 'pid=,pgid=,stat=,args=']);
  const processes = [];
  for (const line of output.split('\n')) {
    const [, pid, group, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (state === undefined || state.startsWith('Z')) continue;
    processes.push({
      pid: Number(pid),
      group: Number(group),
      command: command ?? '',
    });
  }
  return processes;
}

/** Whether a process carries a text in the environment it was started with. Linux only; false elsewhere. */
export async function hasInEnvironment(pid: number, text: string): Promise<boolean> {
  const environment = await ifThere(readFile(`/proc/${pid}/environ`, 'latin1'), '');
  return environment.includes(text);
}

/** The TCP ports on which a process listens. Linux only; none elsewhere. */
export async function listeningPorts(pid: number): Promise<number[]> {
  const sockets = new Set<string>();
  for (const name of await ifThere(readdir(`/proc/${pid}/fd`), [])) {
    const inode = /^socket:\[(\d+)\]$/.exec(await ifThere(readlink(`/proc/${pid}/fd/${name}`), ''))?.[1];
    if (inode !== undefined) sockets.add(inode);
  }
  const listening = '0A';
  const ports: number[] = [];
  for (const table of ['tcp', 'tcp6']) {
    for (const line of (await ifThere(readFile(`/proc/${pid}/net/${table}`, 'latin1'), '')).split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === listening && inode !== undefined && sockets.has(inode)) {
        ports.push(Number.parseInt(local?.split(':')[1] ?? '', 16));
      }
    }
  }
  return ports;
}

/** A process may end while it is looked at. */
async function ifThere<Value>(reading: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await reading;
  } catch (failure) {
    const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return otherwise;
    throw failure;
  }
}
