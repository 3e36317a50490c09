import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists } from './cached-folder.ts';
import { inCache } from './paths.ts';

/** Keys, settings and the workspace of `npm start`. Kept from one start to the next. */
export const demoFolder = inCache('demo');
export const demoWorkspace = path.join(demoFolder, 'workspace');

const settings = {
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

const readme = `# A small workspace for trying Callguard

1. Open \`median.ts\` and select the function.
2. Run **Callguard: Ask** from the Command Palette (F1).
3. Ask: *What does this return for an empty list, and how would you fix it?*
`;

const median = `/** The middle value. It has two mistakes: ask a model to find them. */
export function median(values: number[]): number {
  const sorted = values.sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
`;

const retries = `import random
import time


def call_with_retries(call, attempts=5):
    """Why is this unkind to an API that is just recovering?"""
    for attempt in range(attempts):
        try:
            return call()
        except Exception:
            time.sleep(2 ** attempt)
    raise RuntimeError("no luck after %d attempts" % attempts)
`;

/** Writes what is not there yet: what somebody has changed in the demo stays changed. */
export async function prepareDemo(settingsFile: string): Promise<void> {
  await writeNew(settingsFile, `${JSON.stringify(settings, undefined, 2)}\n`);
  await writeNew(path.join(demoWorkspace, 'README.md'), readme);
  await writeNew(path.join(demoWorkspace, 'median.ts'), median);
  await writeNew(path.join(demoWorkspace, 'retries.py'), retries);
}

async function writeNew(file: string, text: string): Promise<void> {
  if (await exists(file)) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
