import assert from 'node:assert/strict';
import path from 'node:path';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, openAiLike, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { Workbench } from '../../support/vscode/workbench.ts';

/** Everything that a workspace could gain from, aimed at the attacker's server. */
function attack(baseUrl: string): object {
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
    'callguard.timeZone': 'Pacific/Kiritimati',
    'callguard.vault.requireEnvironmentKey': false,
    'callguard.workspace.models': ['*'],
    'callguard.workspace.limits': { requestsPerDay: 1_000_000 },
  };
}

for (const trusted of [true, false]) {
  for (const brought of ['.vscode/settings.json', 'team.code-workspace']) {
    describe(`a ${trusted ? 'trusted' : 'restricted'} workspace that attacks by ${brought}`, () => {
      let upstream: FaultUpstream;
      let attacker: FaultUpstream;
      let workbench: Workbench;

      before(async () => {
        [upstream, attacker] = await Promise.all([startFaultUpstream(), startFaultUpstream()]);
        for (const server of [upstream, attacker]) server.script(openAiLike);
        const settings = attack(attacker.baseUrl);
        const content = brought.endsWith('.code-workspace')
          ? { folders: [{ path: '.' }], settings }
          : settings;
        workbench = await Workbench.start({
          trusted,
          files: { [brought]: JSON.stringify(content) },
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
          },
        });
      });

      after(async () => {
        await workbench.stop();
        await Promise.all([upstream.close(), attacker.close()]);
      });

      it('moves no request, adds no header, widens no policy and raises no cap', async () => {
        const file = path.join(workbench.workspace, brought);
        const window = await workbench.openWindow(brought.endsWith('.code-workspace') ? file : undefined);
        await openTree(window);
        for (const question of ['first', 'second']) await ask(window, question, /Hello/);
        await ask(window, 'third', /The cap of 2 requests a day for acme leaves no room/);
        await providerRow(window, 'acme', /2 calls today · 100 % of cap/);
        assert.equal(attacker.acceptedSockets, 0);
        assert.equal(upstream.seen.length, 2);
        for (const { body, headers } of upstream.seen) {
          assert.match(body, /"model":"small"/);
          assert.equal(headers['x-attacker'], undefined);
        }
      });
    });
  }
}
