import assert from 'node:assert/strict';
import { startServer } from '../../../scripts/code-server.ts';

describe('a VS Code server that does not start', () => {
  it('is told without a stack, with all that it said', async () => {
    // More than a pipe holds, so that its end comes after the last of it was read, if it is waited for.
    const program = "console.log('-'.repeat(300_000), 'the port is taken'); process.exitCode = 3;";
    await assert.rejects(startServer(['--eval', program], /listening on (.*)/, {}), {
      name: 'Explained',
      message: `The VS Code server ended with code 3:\n${'-'.repeat(300_000)} the port is taken`,
    });
  });
});
