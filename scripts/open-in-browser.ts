import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

/** Opens an address in the person's own browser. Returns whether that could be tried. */
export async function openInBrowser(url: string): Promise<boolean> {
  const hasDesktop =
    process.platform === 'darwin' || 'DISPLAY' in process.env || 'WAYLAND_DISPLAY' in process.env;
  if (!hasDesktop) return false;
  const opener = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], {
    detached: true,
    stdio: 'ignore',
  });
  opener.unref();
  try {
    await once(opener, 'spawn');
    return true;
  } catch {
    // There is no such command: the address was printed, a person can open it.
    return false;
  }
}
