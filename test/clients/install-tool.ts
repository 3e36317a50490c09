import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { cachedFolder } from '../../scripts/cached-folder.ts';
import { Explained } from '../../scripts/explained.ts';
import { run } from '../../scripts/run.ts';

const entrySchema = z.strictObject({
  package: z.string(),
  version: z.string(),
  /** Further packages that it needs, with their versions. */
  with: z.record(z.string(), z.string()).optional(),
  ignoreScripts: z.literal(true).optional(),
});

/** The exact versions of the tools that the proof runs. */
export const versions = z
  .record(z.string(), entrySchema)
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'versions.json'), 'utf8')));

/** The folder of an installed tool. Throws an explained error if it cannot be installed. */
export async function installTool(id: string): Promise<string> {
  const entry = versions[id];
  if (entry === undefined) throw new Error(`versions.json has no ${id}`);
  return cachedFolder(`client-${id}-${entry.version}`, async (folder) => {
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
    const options = ['--no-audit', '--no-fund', '--loglevel=error'];
    if (entry.ignoreScripts === true) options.push('--ignore-scripts');
    const packages = { [entry.package]: entry.version, ...entry.with };
    const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
    const { code, output } = await run('npm', ['install', ...options, ...names], { cwd: folder });
    if (code !== 0) throw new Explained(`npm could not install ${names.join(' ')}:\n${output.trimEnd()}`);
  });
}
