import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { GatewayRole } from '../../src/gateway/election/gateway-role.ts';
import type { Told } from './gateway-process.ts';

const program = path.join(import.meta.dirname, 'gateway-process.ts');

export interface GatewayWindow {
  readonly role: GatewayRole['kind'];
  /** Ends it properly, as when its window is closed. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): void;
}

/** Opens a window that takes part in the gateway, in a process of its own. */
export async function openGatewayWindow(
  home: string,
  port: number,
  entries: Readonly<Record<string, unknown>>,
): Promise<GatewayWindow> {
  const child = fork(program, [home, String(port), JSON.stringify(entries)], { silent: true });
  let role: GatewayRole['kind'] = 'off';
  child.on('message', (told: Told) => {
    if ('role' in told) role = told.role;
  });
  await message(child, (told) => 'role' in told);
  return {
    get role() {
      return role;
    },
    stop: async () => {
      if (!child.connected) return;
      const stopped = message(child, (told) => 'stopped' in told);
      child.send('stop');
      await stopped;
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Waits for the child's next message of a kind. Rejects with its log if the child ends without one. */
function message(child: ChildProcess, isWanted: (told: Told) => boolean): Promise<void> {
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  return new Promise((resolve, reject) => {
    const onMessage = (told: Told) => {
      if (!isWanted(told)) return;
      child.off('message', onMessage).off('close', onExit);
      resolve();
    };
    const onExit = () => {
      reject(new Error(`a window ended without an answer:\n${log}`));
    };
    child.on('message', onMessage).once('close', onExit);
  });
}
