import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { npmInstall } from '../../scripts/npm-install.ts';
import { inCache } from '../../scripts/paths.ts';

/** Pinned, so that a figure of today can be compared with one of next month. */
const versions = { cockatiel: '4.0.0', opossum: '10.0.0' };

export type Peer = keyof typeof versions;

/** Loads a peer; fetches it first, into a folder of the bench's own, where it is not yet there. */
export async function loadPeer(name: Peer): Promise<unknown> {
  const folder = inCache('bench');
  const version = versions[name];
  if (!existsSync(path.join(folder, 'node_modules', name, 'package.json'))) {
    await mkdir(folder, { recursive: true });
    await npmInstall(folder, ['--prefix', folder, `${name}@${version}`]);
  }
  // Some peers are ESM only, which `require` of Node.js 22 and later loads as well.
  const loaded: unknown = createRequire(path.join(folder, 'here.js'))(name);
  return loaded;
}
