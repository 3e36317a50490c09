import { spawnSync } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import {
  startCodeServer,
  withoutNetwork,
  type CodeServerHome,
  type CodeServerOptions,
  type RunningServer,
} from '../../../scripts/code-server.ts';

/** Whether this machine lets anybody have a network namespace of their own. */
export function canGoOffline(): boolean {
  const [command, ...args] = withoutNetwork;
  return spawnSync(command, [...args, 'true']).status === 0;
}

/**
 * A VS Code server without any network, and so its extension hosts. The browser, which has one, reaches it by the
 * port as ever: what comes there is handed on to the server's socket, which is a file.
 */
export async function startOfflineServer(
  home: CodeServerHome,
  options: CodeServerOptions,
): Promise<RunningServer> {
  const socket = path.join(home.folder, 'offline.sock');
  const server = await startCodeServer(home, { ...options, offlineSocket: socket });
  const open = new Set<net.Socket>();
  const front = net.createServer((client) => {
    const inner = net.connect(socket);
    for (const [end, other] of [
      [client, inner],
      [inner, client],
    ] as const) {
      open.add(end);
      end.pipe(other);
      end.on('error', () => other.destroy()).on('close', () => open.delete(end));
    }
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  return {
    ...server,
    url: `http://127.0.0.1:${options.port}`,
    stop: async () => {
      front.close();
      for (const end of open) end.destroy();
      await server.stop();
    },
  };
}
