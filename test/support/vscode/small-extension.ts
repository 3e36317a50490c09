import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inCache } from '../../../scripts/paths.ts';
import { packageVsix } from '../../../scripts/vsix.ts';

export interface SmallExtension {
  readonly publisher: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** The whole of its code, a CommonJS module. */
  readonly code: string;
}

/** Packages an extension of one file, which VS Code activates once it has started. Returns the VSIX. */
export async function packageSmallExtension(
  fileName: string,
  { code, ...described }: SmallExtension,
): Promise<string> {
  const folder = inCache(fileName);
  await mkdir(folder, { recursive: true });
  const manifest = {
    ...described,
    version: '0.0.1',
    engines: { vscode: '^1.106.0' },
    main: './extension.cjs',
    activationEvents: ['onStartupFinished'],
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(folder, 'README.md'), `# ${described.displayName}\n`);
  await writeFile(path.join(folder, 'extension.cjs'), code);
  const vsix = inCache(`${fileName}.vsix`);
  await packageVsix(folder, vsix);
  return vsix;
}
