import assert from 'node:assert/strict';
import { canary, filesWith, writingsOf } from '../../support/canary.ts';
import {
  answer,
  chatEvents,
  reply,
  startFaultUpstream,
  type Behaviour,
  type FaultUpstream,
  type SeenRequest,
} from '../../support/fault-upstream.ts';
import { ask, logText, openTree, providerRow } from '../../support/vscode/callguard.ts';
import { clearNotifications, enterKey } from '../../support/vscode/keys.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const writings = writingsOf(canary);

type Reply = (key: string, request: SeenRequest) => Behaviour;

/** Ways in which an upstream may return the key, and the part of its message that should be visible. */
const echoes: Readonly<Record<string, Reply>> = {
  'the header in a text': (_, { headers }) => reply(401, `denied: ${JSON.stringify(headers)}`),
  'the key in JSON': (key) =>
    reply(401, { error: { message: `denied: Incorrect API key provided: ${key}.` } }),
  'the key as in a URL': (key) =>
    reply(403, { error: { message: `denied: /v1?key=${encodeURIComponent(key)}` } }),
  'the key in base64': (key) =>
    reply(401, { error: { message: `denied: ${Buffer.from(key).toString('base64')}` } }, { 'x-echo': key }),
  'the key twice, in a nested error': (key) =>
    reply(400, { error: { message: `denied: ${key}${key}`, details: [{ reason: key }] } }),
  'the key in a redirect': (key) =>
    reply(302, `denied: ${key}`, { location: `http://127.0.0.1:9/?token=${encodeURIComponent(key)}` }),
  'the key in an event of a stream': (key) =>
    answer([chatEvents.role, chatEvents.text('denied'), chatEvents.error({ message: `denied: ${key}` })]),
};

describe('a provider that returns the key in its errors', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    upstream = await startFaultUpstream();
    workbench = await Workbench.start({
      settings: {
        'callguard.defaultModel': 'acme/small',
        'callguard.providers': {
          acme: {
            kind: 'openai-compatible',
            baseUrl: upstream.baseUrl,
            models: { list: ['small'] },
            retry: { retries: 0 },
          },
        },
      },
    });
    window = await workbench.openWindow();
    await openTree(window);
    await enterKey(window, 'acme', canary);
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  for (const [what, echo] of Object.entries(echoes)) {
    it(`does not bring the key into the window through ${what}`, async () => {
      upstream.script((exchange) => echo(canary, exchange.request)(exchange));
      await clearNotifications(window);
      const sent = upstream.seen.length;
      await ask(window, `give me ${what}`, /No complete answer\..*acme:/);
      assert.equal(upstream.seen.length, sent + 1);
      assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${canary}`);
      await window.waitForNotification('acme:');
      const shown = await window.page.content();
      assert.deepEqual(
        [...writings, canary.replace('"', '&quot;')].filter((text) => shown.includes(text)),
        [],
      );
    });
  }

  it('leaves the key neither in the log nor in the ledger nor anywhere else on disk', async () => {
    await window.runCommand('Callguard: Show Log');
    await providerRow(window, 'acme', /calls today/);
    assert.ok(
      (await logText(workbench)).split('denied').length > Object.keys(echoes).length / 2,
      'what is searched is where the answers were logged',
    );
    assert.deepEqual(await filesWith(workbench.folder, writings), []);
    const stored = await workbench.browserStorage();
    assert.deepEqual(
      writings.filter((text) => stored.includes(text)),
      [],
    );
  });
});
