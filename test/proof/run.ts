/** `npm run proof -- [name…] [mocha's own options]`: runs all proofs, or those whose file names contain one of the words. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';

const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const words = firstOption < 0 ? args : args.slice(0, firstOption);
const files = globSync('*.proof.ts', { cwd: import.meta.dirname })
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()
  .map((file) => `test/proof/${file}`);

if (files.length === 0) {
  console.log(`no proof is named ${words.join(' or ')}`);
  process.exitCode = 1;
} else {
  const options = firstOption < 0 ? [] : args.slice(firstOption);
  const { status } = spawnSync(process.execPath, [mocha, '--timeout', '600000', ...files, ...options], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
