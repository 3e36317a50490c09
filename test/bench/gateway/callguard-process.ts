/** Callguard's gateway with all that it has in a window: guard, rules, sender, and the ledger on the disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGuard } from '../../../src/guard/guard.ts';
import { defaultGatewayOptions, Gateway } from '../../../src/gateway/gateway.ts';
import { TokenBook } from '../../../src/gateway/tokens.ts';
import { openLedger } from '../../../src/ledger/open.ts';
import { SqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { LedgerStore } from '../../../src/ledger/store.ts';
import { createPromptCheck } from '../../../src/providers/prompt-secrets.ts';
import { createRulebook } from '../../../src/providers/rulebook.ts';
import { createSender } from '../../../src/providers/sender.ts';
import { parseProviders } from '../../../src/providers/settings.ts';
import { ExactValues } from '../../../src/redaction/exact.ts';
import { systemClock as clock } from '../../../src/shared/clock.ts';
import { systemRandom as random } from '../../../src/shared/random.ts';
import { ok } from '../../../src/shared/result.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { MemoryTokens, noManagement } from '../../support/gateway.ts';
import { senderOptions } from '../../support/sender.ts';

const [baseUrl = ''] = process.argv.slice(2);
const fail = (error: unknown): never => {
  throw error;
};
const folder = mkdtempSync(path.join(tmpdir(), 'callguard-bench-'));
const { db } = await openLedger(path.join(folder, 'ledger.db'), clock);
const store = new LedgerStore(db, {
  ...defaultLedgerSettings,
  clock,
  random,
  zone: 'UTC',
  auditKey: () => ({ id: 'key-1', key: Buffer.alloc(32, 7) }),
  onTrouble: fail,
});
const limits = { requestsPerDay: 1e9, tokensPerDay: 1e12 };
const providers = parseProviders({ acme: { kind: 'openai-compatible', baseUrl, limits } });
const config = providers.usable.get('acme') ?? fail(providers.broken);
const settings = { providers, routes: new Map(), limits: [], workspaceModels: [], workspaceLimits: {} };
const guard = createGuard({
  rulebook: createRulebook(
    () => settings,
    () => undefined,
  ),
  checkPrompt: createPromptCheck({
    mode: () => 'warn',
    registered: new ExactValues(),
    ask: () => Promise.resolve('refuse'),
    onRedacted: () => undefined,
  }),
  ledger: new SqliteLedger(store, defaultLedgerSettings.holdMs),
  openKey: () => Promise.resolve(ok(new Secret('sk-bench'))),
  sender: createSender(senderOptions(config)),
  clock,
  random,
  onLedgerTrouble: fail,
});
const tokens = new TokenBook(new MemoryTokens(), clock);
const { token } = await tokens.issue({ kind: 'calls', tenant: 'work' });
const gateway = new Gateway(
  { guard, settings: () => settings, tokens, management: noManagement, clock, onTrouble: fail },
  { ...defaultGatewayOptions, port: 0, maxConnections: 1_000 },
);
const started = await gateway.start();
if (!started.ok) fail(started.error);
else process.send?.({ port: started.value.port, token });
process.once('disconnect', () => {
  store.dispose();
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
