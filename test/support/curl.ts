import { spawnSync } from 'node:child_process';

export function hasCurl(): boolean {
  return spawnSync('curl', ['--version']).error === undefined;
}
