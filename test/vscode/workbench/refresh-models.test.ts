import assert from 'node:assert/strict';
import { callguardVsix } from '../../../scripts/vsix.ts';
import { consumerVsix } from '../../../scripts/vscode-packages.ts';
import { reply, startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { ask, openAiLike } from '../../support/vscode/callguard.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

describe('Refresh Models', () => {
  let upstream: FaultUpstream;
  let workbench: Workbench;
  let window: Window;
  const acme = () => ({
    kind: 'openai-compatible',
    baseUrl: upstream.baseUrl,
    models: { list: ['old'], deny: ['large'] },
    limits: { requestsPerDay: 9 },
  });

  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(openAiLike);
    workbench = await Workbench.start({
      settings: { 'callguard.providers': { acme: acme(), others: { kind: 'editor' } } },
      extensions: [callguardVsix, consumerVsix],
    });
    window = await workbench.openWindow();
  });

  after(async () => {
    await workbench.stop();
    await upstream.close();
  });

  const refresh = async (provider: string) => {
    await window.runCommand('Callguard: Refresh Models');
    await window.quickInput.waitForPlaceholder('Select a provider to refresh its models');
    await window.quickInput.pick(provider);
  };
  const shown = async (provider: string) => {
    await window.quickInput.waitForTitle(`Models of ${provider}`);
    const items = await window.quickInput.items();
    return items.map(({ label, description, isChecked }) => [label, description, isChecked]);
  };
  const chosen = async (provider: string, list: readonly string[]) => {
    await window.quickInput.accept();
    await window.quickInput.waitUntilClosed();
    const providers = await until(
      `${provider} to offer ${list.join()}`,
      async () => (await workbench.readSettings())['callguard.providers'] as Record<string, object>,
      (read) => JSON.stringify(read).includes(`"list":${JSON.stringify(list)}`),
    );
    return providers[provider];
  };

  it('offers the models that are listed and allowed, shows missing ones, and keeps the other settings', async () => {
    await refresh('acme');
    assert.deepEqual(await shown('acme'), [
      ['small', '', false],
      ['old', 'no longer listed by the provider', true],
    ]);
    await window.quickInput.toggle('small');
    await window.quickInput.toggle('old');
    const entry = { ...acme(), models: { ...acme().models, list: ['small'] } };
    assert.deepEqual(await chosen('acme', ['small']), entry);
    await ask(window, 'Are you there?', /Hello/, 'small');
  });

  it("offers other vendors' models for the kind editor, and never Callguard's own", async () => {
    await window.runCommand('Consumer: Offer a Model');
    await refresh('others');
    assert.deepEqual(await shown('others'), [['consumer/echo', '', false]]);
    await window.quickInput.toggle('consumer/echo');
    assert.deepEqual(await chosen('others', ['consumer/echo']), {
      kind: 'editor',
      models: { list: ['consumer/echo'] },
    });
    await ask(window, 'Is it you?', /The consumer heard: Is it you\?/, 'consumer/echo');
  });

  it('changes nothing when the provider lists no models, and says why', async () => {
    upstream.script(reply(401, { error: { message: 'That key is worn out.' } }));
    await refresh('acme');
    const { severity } = await window.waitForNotification('That key is worn out.');
    assert.equal(severity, 'error');
  });
});
