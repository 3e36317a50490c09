/** Callguard's gateway with all that it has in a window: guard, rules, sender, tokens, and the ledger on the disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createWindowGateway, tokensOf } from '../../support/gateway-window.ts';

const [baseUrl = ''] = process.argv.slice(2);
const fail = (error: unknown): never => {
  throw error;
};
const folder = mkdtempSync(path.join(tmpdir(), 'callguard-bench-'));
const limits = { requestsPerDay: 1e9, tokensPerDay: 1e12 };
const acme = { kind: 'openai-compatible', baseUrl, limits };
const { store, create } = await createWindowGateway(folder, { acme }, fail);
const { token } = await tokensOf(store).issue({ kind: 'calls', tenant: 'work' });
const started = await create({ port: 0, maxConnections: 1_000 }).start();
if (!started.ok) fail(started.error);
else process.send?.({ port: started.value.port, token });
process.once('disconnect', () => {
  store.dispose();
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
