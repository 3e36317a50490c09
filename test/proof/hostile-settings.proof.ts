import assert from 'node:assert/strict';
import { letGoAfterEach } from '../integration/ledger/ledger-fixture.ts';
import { answer, startFaultUpstream } from '../support/fault-upstream.ts';
import { ask, chatBody } from '../support/gateway.ts';
import { startHeadless } from '../support/headless.ts';

const mostMs = 50;
const models = 1_000;
const patterns = 100;

/** Names of one letter, and patterns that nearly match each of them in every way. */
function settingsWith(baseUrl: string, change: number) {
  const list = Array.from({ length: models }, (_, n) => `${'a'.repeat(190)}${n}`);
  const deny = Array.from({ length: patterns }, (_, n) => `${'*a'.repeat(7)}*b${n}-${change}`);
  const entry = { kind: 'openai-compatible', baseUrl, models: { list, deny, default: 'allow' } };
  return { 'callguard.providers': { acme: entry } };
}

describe('hostile settings', () => {
  letGoAfterEach();

  it('block for at most 50 ms at a time, with every model against every pattern', async () => {
    const upstream = await startFaultUpstream();
    const headless = await startHeadless({ settings: settingsWith(upstream.baseUrl, 0) });
    const seen: string[] = [];
    const watched = async (what: string, run: () => Promise<unknown>) => {
      await headless.watchWork();
      await run();
      const { longestTurnMs } = await headless.seenWork();
      console.log(
        `    ${longestTurnMs.toFixed(1).padStart(8)} ms   ${what}${longestTurnMs > mostMs ? '   GOAL NOT MET' : ''}`,
      );
      if (longestTurnMs > mostMs) seen.push(`${what}: ${longestTurnMs} ms`);
    };
    const { origin, tokens } = headless;
    const body = chatBody({ model: `acme/${'a'.repeat(190)}1` });
    try {
      upstream.script(answer());
      const first = await ask(origin, '/v1/chat/completions', { token: tokens.calls, body });
      assert.equal(first.status, 200, first.text);
      const list = await ask(origin, '/v1/models', { token: tokens.calls });
      assert.ok(list.text.length > models * 190, `${list.text.length}`);
      await watched('a call', () => ask(origin, '/v1/chat/completions', { token: tokens.calls, body }));
      await watched('the list of models', () => ask(origin, '/v1/models', { token: tokens.calls }));
      await watched('the state of all providers', () =>
        ask(origin, '/api/llm/status', { token: tokens.readOnly }),
      );
      await watched('a change of the settings, and a call', async () => {
        headless.writeSettings(settingsWith(upstream.baseUrl, 1));
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        await ask(origin, '/v1/chat/completions', { token: tokens.calls, body });
      });
      assert.deepEqual(seen, []);
    } finally {
      headless.kill();
      await upstream.close();
    }
  });
});
