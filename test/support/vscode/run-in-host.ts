import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import Mocha from 'mocha';
import { runMocha } from '../test-events.ts';

// More than a test waits for something before it says for what.
const timeoutMs = 60_000;

/** Runs inside the extension host. What became of each test goes to the process that waits for it, line by line. */
export async function runInHost(load: () => void): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: Number(process.env['CALLGUARD_TEST_PORT']) });
  await once(socket, 'connect');
  const mocha = new Mocha({ timeout: timeoutMs, forbidOnly: true });
  const grep = process.env['CALLGUARD_TEST_GREP'] ?? '';
  if (grep !== '') mocha.grep(grep);
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();
  await runMocha(mocha, (event) => socket.write(`${JSON.stringify(event)}\n`));
  socket.end();
}
