import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { npmInstall } from '../../scripts/npm-install.ts';
import { inCache } from '../../scripts/paths.ts';

/** Pinned, so that a figure of today can be compared with one of next month. */
const versions = { cockatiel: '4.0.0', opossum: '10.0.0', '@portkey-ai/gateway': '1.15.2' };

export type Peer = keyof typeof versions;

const folder = inCache('bench');

/** The folder of a peer, which is fetched first where it is not yet there. */
export async function fetchPeer(name: Peer): Promise<string> {
  const here = path.join(folder, 'node_modules', name);
  const version = versions[name];
  if (!existsSync(path.join(here, 'package.json'))) {
    await mkdir(folder, { recursive: true });
    await npmInstall(folder, ['--prefix', folder, `${name}@${version}`]);
  }
  return here;
}

/** Loads a peer. */
export async function loadPeer(name: Peer): Promise<unknown> {
  await fetchPeer(name);
  // Some peers are ESM only, which `require` of Node.js 22 and later loads as well.
  const loaded: unknown = createRequire(path.join(folder, 'here.js'))(name);
  return loaded;
}
