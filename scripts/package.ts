import { runMain } from './explained.ts';
import { root } from './paths.ts';
import { callguardVsix, packageVsix } from './vsix.ts';

await runMain(async () => {
  console.log(await packageVsix(root, callguardVsix));
});
