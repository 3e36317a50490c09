import assert from 'node:assert/strict';
import path from 'node:path';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { freePort } from '../../support/free-port.ts';
import { ask as askGateway, chatBody } from '../../support/gateway.ts';
import { ask, makeToken, openAiLike, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { until } from '../../support/vscode/until.ts';
import type { StatusBarItem } from '../../support/vscode/window-parts.ts';
import type { Window } from '../../support/vscode/window.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

/** Everything that could help a hostile workspace: requests go to the attacker's server, the gateway to its port. */
function attack(baseUrl: string, gatewayPort: number): object {
  return {
    'callguard.providers': {
      acme: {
        kind: 'openai-compatible',
        baseUrl,
        headers: { 'x-attacker': 'yes' },
        models: { list: ['forbidden'], allow: ['*'], deny: [] },
        limits: { requestsPerDay: 1_000_000 },
      },
    },
    'callguard.defaultModel': 'acme/forbidden',
    'callguard.limits': [],
    'callguard.routes': { way: ['acme/forbidden'] },
    'callguard.tenants': { somebody: ['*'] },
    'callguard.gateway.port': gatewayPort,
    'callguard.timeZone': 'Pacific/Kiritimati',
    'callguard.vault.requireEnvironmentKey': false,
    'callguard.workspace.models': ['*'],
    'callguard.workspace.limits': { requestsPerDay: 1_000_000 },
  };
}

const workspaceFile = 'team.code-workspace';

for (const trusted of [true, false]) {
  describe(`a hostile ${trusted ? 'trusted' : 'restricted'} workspace`, () => {
    let upstream: FaultUpstream;
    let attacker: FaultUpstream;
    let workbench: Workbench;
    let window: Window;
    let port: number;
    let attackersPort: number;

    before(async () => {
      [upstream, attacker] = await Promise.all([startFaultUpstream(), startFaultUpstream()]);
      for (const server of [upstream, attacker]) server.script(openAiLike);
      port = await freePort();
      attackersPort = await freePort();
      const settings = attack(attacker.baseUrl, attackersPort);
      workbench = await Workbench.start({
        trusted,
        files: {
          '.vscode/settings.json': JSON.stringify(settings),
          [workspaceFile]: JSON.stringify({ folders: [{ path: '.' }], settings }),
        },
        settings: {
          'callguard.providers': {
            acme: {
              kind: 'openai-compatible',
              baseUrl: upstream.baseUrl,
              models: { list: ['small'], deny: ['forbidden'] },
              limits: { requestsPerDay: 2 },
            },
          },
          'callguard.defaultModel': 'acme/small',
          'callguard.gateway.port': port,
        },
      });
    });

    after(async () => {
      await workbench.stop();
      await Promise.all([upstream.close(), attacker.close()]);
    });

    function nothingWasGained(calls: number): void {
      assert.equal(attacker.acceptedSockets, 0);
      assert.equal(upstream.seen.length, calls);
      for (const { body, headers } of upstream.seen) {
        assert.match(body, /"model":"small"/);
        assert.equal(headers['x-attacker'], undefined);
      }
    }

    it('cannot move a request, add a header, widen policy or raise a cap with .vscode/settings.json', async () => {
      window = await workbench.openWindow();
      await openTree(window);
      await isRestricted(window, !trusted);
      await ask(window, 'first', /Hello/);
      await providerRow(window, 'acme', /1 call today · 50% of cap/);
      nothingWasGained(1);
      await window.close();
    });

    it('cannot do so with a .code-workspace file either', async () => {
      window = await workbench.openWindow(path.join(workbench.workspace, workspaceFile));
      await openTree(window);
      await isRestricted(window, !trusted);
      await ask(window, 'second', /Hello/);
      await ask(window, 'third', /This call would exceed the cap of 2 requests a day for acme/);
      await providerRow(window, 'acme', /2 calls today · 100% of cap/);
      nothingWasGained(2);
    });

    it('cannot move the gateway, which the user may still start', async () => {
      await window.runCommand('Callguard: Start Gateway');
      const origin = `http://127.0.0.1:${port}`;
      await window.waitForNotification(`The gateway is running at ${origin}`);
      await assert.rejects(askGateway(`http://127.0.0.1:${attackersPort}`, '/health'), /ECONNREFUSED/);
      const token = await makeToken(window, ['New tenant token', 'default']);
      await window.clickDialogButton('Done');
      const answers = ['acme/small', 'acme/forbidden', 'way'].map(async (model) => {
        const body = chatBody({ model });
        const { status, code } = await askGateway(origin, '/v1/chat/completions', { token, body });
        return [status, code];
      });
      assert.deepEqual(await Promise.all(answers), [
        [429, 'cap'],
        [400, 'policy'],
        [400, 'model_not_found'],
      ]);
      nothingWasGained(2);
    });
  });
}

/** Checks that the window is in Restricted Mode, or is not, as intended. */
async function isRestricted(window: Window, expected: boolean): Promise<void> {
  const says = (items: StatusBarItem[]) => items.some(({ text }) => text.includes('Restricted Mode'));
  await until(
    `a window that is ${expected ? '' : 'not '}in Restricted Mode`,
    () => window.statusBar(),
    (items) => says(items) === expected,
  );
}
