import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import * as vscode from 'vscode';
import * as z from 'zod';
import { ledgerTokens } from '../../../src/gateway/tokens/ledger-tokens.ts';
import { describeStoredProblem } from '../../../src/gateway/start-problem.ts';
import { TokenBook, type TokenGrant } from '../../../src/gateway/tokens/tokens.ts';
import type { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { english } from '../../../src/shared/l10n.ts';
import { freePort } from '../../support/free-port.ts';
import { describeClients } from '../../support/client-suite.ts';
import { ask } from '../../support/gateway.ts';
import { configure, offered } from '../../support/vscode/host-models.ts';
import { openHostLedger } from '../../support/vscode/host-ledger.ts';
import { until } from '../../support/vscode/until.ts';

const callSchema = z.object({
  caller: z.string().optional(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }),
});

function setPort(port: number | undefined): Thenable<void> {
  const settings = vscode.workspace.getConfiguration('callguard');
  return settings.update('gateway.port', port, vscode.ConfigurationTarget.Global);
}

describe('the gateway in an extension host', () => {
  let store: LedgerStore;
  let dispose: () => void;
  let port: number;
  let origin: string;
  const tokenFor = async (grant: TokenGrant) =>
    (await new TokenBook(ledgerTokens(store), systemClock).issue(grant)).token;
  const stateBecomes = (kind: string) =>
    until(
      `the gateway to be ${kind}`,
      () => Promise.resolve(store.gateway.state()),
      (state) => state.kind === kind,
    );

  before(async () => {
    await vscode.extensions.getExtension('callguard.callguard')?.activate();
    ({ store, dispose } = await openHostLedger());
    port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    await setPort(port);
  });
  after(async () => {
    await vscode.commands.executeCommand('callguard.stopGateway');
    await setPort(undefined);
    await configure(undefined);
    dispose();
  });

  it('does not listen before it is started', async () => {
    assert.deepEqual(store.gateway.state(), { kind: 'off' });
    await assert.rejects(ask(origin, '/health'), /ECONNREFUSED/);
  });

  it('runs after Start Gateway, and stops after Stop Gateway', async () => {
    // The notification stays open, because no button is pressed.
    void vscode.commands.executeCommand('callguard.startGateway');
    await stateBecomes('serving');
    assert.equal((await ask(origin, '/health')).status, 200);
    await vscode.commands.executeCommand('callguard.stopGateway');
    await assert.rejects(ask(origin, '/health'), /ECONNREFUSED/);
    assert.deepEqual(store.gateway.state(), { kind: 'off' });
  });

  it('names the port that another program uses, never shares it, and runs once the port is free', async () => {
    const stranger = net.createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    void vscode.commands.executeCommand('callguard.startGateway');
    const state = await stateBecomes('failing');
    const problem = state.kind === 'failing' ? describeStoredProblem(state.problem, english) : '';
    assert.match(problem, new RegExp(`Port ${port} is in use`));
    await new Promise((resolve) => stranger.close(resolve));
    await stateBecomes('serving');
    await vscode.commands.executeCommand('callguard.stopGateway');
  });

  describe('when it is running', () => {
    before(async () => {
      void vscode.commands.executeCommand('callguard.startGateway');
      await stateBecomes('serving');
    });

    it('moves to another port when the setting changes', async () => {
      const other = await freePort();
      await setPort(other);
      await until(
        'the gateway to answer at its new port',
        () => ask(`http://127.0.0.1:${other}`, '/health').catch((error: unknown) => error),
        (answer) => !(answer instanceof Error),
      );
      await assert.rejects(ask(origin, '/health'), /ECONNREFUSED/);
      await setPort(port);
      await until(
        'the gateway to be back',
        () => Promise.resolve(store.gateway.state()),
        (state) => state.kind === 'serving' && state.port === port,
      );
    });

    it('refuses a token as soon as another window revokes it', async () => {
      const token = await tokenFor({ kind: 'readOnly' });
      const status = async () => (await ask(origin, '/api/llm/status', { token })).status;
      assert.equal(await status(), 200);
      const book = new TokenBook(ledgerTokens(store), systemClock);
      const [row] = (await book.all()).filter(({ grant }) => grant.kind === 'readOnly');
      await book.revoke(row?.id ?? '');
      assert.equal(await status(), 401);
    });

    it('answers the management contract as the commands do', async () => {
      await configure({ sandbox: { kind: 'sandbox' } });
      await offered('sandbox/echo');
      const token = await tokenFor({ kind: 'management' });
      const get = async (path: string) => JSON.parse((await ask(origin, path, { token })).text) as unknown;
      const test = await ask(origin, '/api/llm/test', { token, body: { provider: 'sandbox' } });
      assert.deepEqual(z.object({ ok: z.boolean(), model: z.string() }).parse(JSON.parse(test.text)), {
        ok: true,
        model: 'echo',
      });
      const named = z.object({ providers: z.array(z.object({ name: z.string() })) });
      for (const path of ['/api/llm/status', '/api/llm/provider/status']) {
        assert.deepEqual(named.parse(await get(path)).providers, [{ name: 'sandbox' }]);
      }
      const stats = z.object({ today_requests: z.number(), rows: z.array(z.object({ tenant: z.string() })) });
      const { today_requests: requests, rows } = stats.parse(await get('/api/llm/usage/stats'));
      assert.ok(requests >= 1 && rows.some(({ tenant }) => tenant === 'default'));
      const metrics = await ask(origin, '/api/llm/metrics', { token });
      assert.match(metrics.text, /^llm_requests_total\{provider="sandbox"\} \d+$/m);
      assert.match(metrics.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
    });

    describeClients(async (providers) => {
      await configure(providers);
      await offered('acme/m');
      await offered('claude/c');
      // The same names stood for other upstreams before, and the ledger remembers those.
      for (const provider of Object.keys(providers)) await store.override(provider, 'reset');
      const from = store.audit.head()?.seq ?? 0;
      return {
        origin,
        token: await tokenFor({ kind: 'calls', tenant: 'work' }),
        records: () =>
          store.audit
            .after(from, 100)
            .filter(({ kind }) => kind === 'call')
            .map((row) => {
              const { caller, usage } = callSchema.parse(bodyOf(row));
              return { usage, ...(caller === undefined ? {} : { caller }) };
            }),
        openCalls: () => store.capUse(store.now())({ kind: 'callsAtOnce', limit: 0, scope: {} }).held,
        stop: () => Promise.resolve(),
      };
    });
  });
});
