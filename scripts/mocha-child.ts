// Runs mocha test files in a process of their own, and tells the parent what became of each test.
import process from 'node:process';
import Mocha from 'mocha';
import { runMocha } from '../test/support/test-events.ts';
import { evidenceTaken, takeEvidence } from '../test/support/vscode/evidence.ts';
import type { TestEvent } from '../test/support/test-events.ts';

const lingeringMs = 5000;
const [grep, timeoutMs, ...files] = process.argv.slice(2);

const mocha = new Mocha({ timeout: Number(timeoutMs), forbidOnly: true });
if (grep !== undefined && grep !== '') mocha.grep(grep);
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
await runMocha(mocha, (event: TestEvent) => {
  process.send?.(event);
  if (event.kind === 'failed') takeEvidence(event.title);
});
await evidenceTaken();

// From here on only what the tests have left open keeps this process alive.
process.disconnect();
setTimeout(() => {
  console.error(`Still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`);
  process.exit(1);
}, lingeringMs).unref();
