import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { cachedFolder } from '../../../scripts/cached-folder.ts';
import { cacheFolder } from '../../../scripts/paths.ts';
import { ensureVscodeServer } from '../../../scripts/vscode-server.ts';

/** The languages of what the tests open, and the themes. */
const needed = ['json', 'markdown-basics', 'theme-defaults', 'theme-seti'];

/**
 * A folder with the few of VS Code's own extensions that the tests need. All hundred cost each window a third of its
 * start, and the palette a list as long.
 */
export async function neededBuiltInExtensions(): Promise<string> {
  const { builtInExtensions } = await ensureVscodeServer(console.log);
  const version = path.relative(cacheFolder, builtInExtensions).split(path.sep, 1).join('');
  return cachedFolder(`built-in-${version}-${needed.join('-')}`, async (unfinished) => {
    for (const name of needed) {
      await symlink(
        path.join(path.relative(unfinished, builtInExtensions), name),
        path.join(unfinished, name),
      );
    }
  });
}
