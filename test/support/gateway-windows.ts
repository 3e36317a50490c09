import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { GatewayRole } from '../../src/gateway/election/gateway-role.ts';
import type { Asked, Told } from './gateway-process.ts';

const program = path.join(import.meta.dirname, 'gateway-process.ts');

export interface GatewayWindow {
  readonly role: GatewayRole['kind'];
  /** What went wrong in it that concerned no request. */
  readonly troubles: readonly string[];
  /** What the process holds after a collection of its garbage. */
  memory(): Promise<{ readonly heapUsed: number; readonly rss: number }>;
  /** In good order, as when its window is closed. */
  stop(): Promise<void>;
  /** As when its window crashes. */
  kill(): void;
}

/** Opens a window that takes part in the gateway, in a process of its own. */
export async function openGatewayWindow(
  folder: string,
  port: number,
  entries: Readonly<Record<string, unknown>>,
): Promise<GatewayWindow> {
  const child = fork(program, [folder, String(port), JSON.stringify(entries)]);
  let role: GatewayRole['kind'] = 'off';
  const troubles: string[] = [];
  child.on('message', (told: Told) => {
    if ('role' in told) role = told.role;
    if ('trouble' in told) troubles.push(told.trouble);
  });
  await message(child, (told) => 'role' in told);
  const ask = async <T extends Told>(asked: Asked, isAnswer: (told: Told) => told is T): Promise<T> => {
    if (!child.connected) throw new Error('the window is gone');
    const answer = message(child, isAnswer);
    child.send(asked);
    return answer;
  };
  return {
    get role() {
      return role;
    },
    troubles,
    memory: async () => (await ask('memory', (told) => 'memory' in told)).memory,
    stop: async () => {
      if (child.connected) await ask('stop', (told) => 'stopped' in told);
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** The child's next message of this kind; rejects when it ends without one. */
function message<T extends Told>(child: ChildProcess, isWanted: (told: Told) => told is T): Promise<T>;
function message(child: ChildProcess, isWanted: (told: Told) => boolean): Promise<Told>;
function message(child: ChildProcess, isWanted: (told: Told) => boolean): Promise<Told> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      child.off('message', onMessage).off('exit', onExit);
      settled();
    };
    const onMessage = (told: Told) => {
      if (isWanted(told))
        settle(() => {
          resolve(told);
        });
    };
    const onExit = () => {
      settle(() => {
        reject(new Error('a window ended before it had answered'));
      });
    };
    child.on('message', onMessage).once('exit', onExit);
  });
}
