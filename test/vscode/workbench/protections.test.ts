import assert from 'node:assert/strict';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, openAiLike, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

// Long enough to see the circuit open in two windows of a busy machine.
const cooldownSeconds = 10;
const answered = /Hello/;

describe('the guard, over two windows', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let first: Window;
  let second: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    const acme = { kind: 'openai-compatible', baseUrl: upstream.baseUrl };
    workbench = await Workbench.start({
      settings: {
        'callguard.providers': {
          capped: { ...acme, models: { list: ['one'] }, limits: { requestsPerDay: 3 } },
          fragile: {
            ...acme,
            models: { list: ['two'] },
            retry: { retries: 0 },
            circuit: { cooldown: cooldownSeconds },
          },
          nonsense: { kind: 'acme', timeouts: { connect: -1 } },
        },
        'callguard.limits': [{ provider: 'capped', requestsPerHour: 1 }],
      },
    });
    first = await workbench.openWindow();
    await openTree(first);
    second = await workbench.openWindow();
    await openTree(second);
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  it('lets exactly three calls through a daily cap of three, and shows it in both windows', async () => {
    await ask(first, 'one of three', answered, 'one');
    await ask(second, 'two of three', answered, 'one');
    await ask(first, 'three of three', answered, 'one');
    await ask(second, 'one too many', /This call would exceed the cap of 3 requests a day for capped/, 'one');
    assert.equal(upstream.seen.length, 3);
    for (const window of [first, second]) {
      await providerRow(window, 'capped', /3 calls today · 100% of cap/);
    }
  });

  it('breaks only the provider whose settings are broken', async () => {
    const row = await providerRow(first, 'nonsense', /invalid settings/);
    assert.equal(row.level, 1);
    await providerRow(first, 'fragile', /0 calls today/);
  });

  it('shows a cap that cannot be read in the tree', async () => {
    await providerRow(first, 'Settings', /1 problem/);
    await first.expand('Providers', '1 problem');
    await until(
      'the problem',
      () => first.tree('Providers'),
      (rows) => rows.some(({ label }) => label === 'limits.0: unknown property requestsPerHour'),
    );
  });

  it('opens the circuit after five failures, and refuses the sixth call without a connection', async () => {
    upstream.script(({ request }) => {
      request.socket.destroy();
    });
    for (const count of ['one', 'two', 'three', 'four', 'five']) {
      await ask(first, `failure ${count}`, /the connection failed/, 'two');
    }
    const accepted = upstream.acceptedSockets;
    await ask(first, 'the sixth', /failed repeatedly, so its circuit is open/, 'two');
    assert.equal(upstream.acceptedSockets, accepted);
    for (const window of [first, second]) await providerRow(window, 'fragile', /circuit open/);
  });

  it('lets one probe of both windows through after the cooldown, and closes the circuit', async () => {
    upstream.script(openAiLike);
    const before = upstream.seen.length;
    let probes = 0;
    await until(
      'the circuit to let a probe through',
      async () => {
        const question = `probe ${++probes}`;
        const either = /failed repeatedly|one probe|Hello/;
        await Promise.all([ask(first, question, either, 'two'), ask(second, question, either, 'two')]);
        return upstream.seen.length;
      },
      (count) => count > before,
      30_000,
    );
    await providerRow(second, 'fragile', /^\d+ calls today/);
  });
});
