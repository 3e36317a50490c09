import path from 'node:path';

export const root = path.dirname(import.meta.dirname);

/** Everything that is fetched or made and may be deleted at any time, apart from the demo's keys and settings. */
export const cacheFolder = path.join(root, '.cache');

export function inCache(...names: string[]): string {
  return path.join(cacheFolder, ...names);
}
