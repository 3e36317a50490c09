import { buildConsumer, consumerFolder } from '../test/support/vscode/consumer.ts';
import { inCache, root } from './paths.ts';
import { runOrThrow } from './run.ts';
import { callguardVsix, packageVsix } from './vsix.ts';
import process from 'node:process';

export const consumerVsix = inCache('consumer.vsix');

/** Packages Callguard and the tests' own extension, and leaves the development build in dist/. */
export async function preparePackages(): Promise<void> {
  await Promise.all([packageVsix(root, callguardVsix), packageConsumer()]);
  await runOrThrow(process.execPath, ['esbuild.mjs']);
}

async function packageConsumer(): Promise<void> {
  await buildConsumer();
  await packageVsix(consumerFolder, consumerVsix);
}
