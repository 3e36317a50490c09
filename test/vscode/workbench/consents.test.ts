import assert from 'node:assert/strict';
import { callguardVsix } from '../../../scripts/vsix.ts';
import { consumerVsix } from '../../../scripts/vscode-packages.ts';
import { filesWith, writingsOf } from '../../support/canary.ts';
import { startFaultUpstream, type FaultUpstream } from '../../support/fault-upstream.ts';
import { answerDialog } from '../../support/vscode/answer-dialog.ts';
import { ask, logText, openAiLike } from '../../support/vscode/callguard.ts';
import { clearNotifications } from '../../support/vscode/keys.ts';
import { until } from '../../support/vscode/until.ts';
import { Workbench } from '../../support/vscode/workbench.ts';
import type { Window } from '../../support/vscode/window.ts';

const key = 'sk-given-3b9c1e7a5d2f48609ac4e1f7';
const answered = /Hello/;

describe('consents:', () => {
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.start({
      extensions: [callguardVsix, consumerVsix],
      // A long word that is broken is not found in the editor's text.
      settings: { '[markdown]': { 'editor.wordWrap': 'off' } },
    });
    window = await workbench.openWindow();
  });

  after(() => workbench.stop());

  describe('configureProvider of the exported API', () => {
    let upstream: FaultUpstream;

    before(async () => {
      upstream = await startFaultUpstream();
      upstream.script(openAiLike);
    });

    after(() => upstream.close());

    const wants = async (changes: object = {}) => {
      await clearNotifications(window);
      await window.runCommand('Consumer: Configure a Provider');
      await window.quickInput.waitForTitle('Configure what?');
      const { baseUrl } = upstream;
      const request = { id: 'acme', kind: 'openai', baseUrl, models: ['small'], caller: 'some.body', key };
      await window.quickInput.type(JSON.stringify({ ...request, ...changes }));
      await window.quickInput.accept();
    };
    const providers = async () => (await workbench.readSettings())['callguard.providers'];
    const question = "'some.body' wants to set up the provider acme";

    it('sets up nothing without consent, and shows what was requested', async () => {
      await wants();
      const { detail, buttons } = await answerDialog(window, question);
      assert.match(detail, new RegExp(`OpenAI at ${upstream.baseUrl}`));
      assert.match(detail, /Models: small/);
      assert.match(detail, /An API key is included\. It will be sealed for this address only\./);
      assert.match(detail, /Callguard cannot verify who is asking\./);
      assert.ok(!detail.includes(key));
      assert.deepEqual(buttons.toSorted(), ['Cancel', 'Set Up']);
      await window.waitForNotification('"reason":"declined"');
      assert.equal(await providers(), undefined);
    });

    it('lets no caller add lines to the question or show a misleading address', async () => {
      const baseUrl = 'https://api.bücher\n.example/v1';
      await wants({ baseUrl, models: ['small\n\nVerified.'], key: undefined });
      const { detail } = await answerDialog(window, question);
      assert.match(detail, /OpenAI at https:\/\/api\.xn--bcher-kva\.example\/v1/);
      assert.match(detail, /Models: small Verified\./);
      await window.waitForNotification('"reason":"declined"');
    });

    it('sets up the provider with consent, the key only in the vault', async () => {
      await wants();
      await answerDialog(window, question, 'Set Up');
      await window.waitForNotification('Consumer: {"ok":true}');
      assert.deepEqual(await providers(), {
        acme: { kind: 'openai', baseUrl: upstream.baseUrl, models: { list: ['small'] } },
      });
      await ask(window, 'who is there?', answered, 'small');
      assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${key}`);
      assert.match(
        await logText(workbench),
        /acme was set up on behalf of some\.body, with the user's consent/,
      );
      assert.deepEqual(await filesWith(workbench.folder, writingsOf(key)), []);
    });

    it('says that it replaces existing settings', async () => {
      await wants({ models: ['large'], key: undefined });
      const { detail } = await answerDialog(window, question, 'Replace');
      assert.match(detail, /No API key is included\./);
      assert.match(detail, /This replaces your settings for acme, including its limits and policy\./);
      await window.waitForNotification('Consumer: {"ok":true}');
      await ask(window, 'and now?', answered, 'large');
      assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${key}`, 'the key stays');
    });

    it('refuses an address that is not valid', async () => {
      await wants({ baseUrl: 'ftp://example.com' });
      await window.waitForNotification('"reason":"invalid"');
      assert.equal(await window.dialog(), undefined);
    });
  });

  describe('for a secret in a prompt', () => {
    const first = `sk-proj-${'a1B2c3D4e5F6'.repeat(4)}`;
    const second = `sk-proj-${'Z9y8X7w6V5u4'.repeat(4)}`;
    let upstream: FaultUpstream;

    before(async () => {
      upstream = await startFaultUpstream();
      await workbench.changeSettings(window, {
        'callguard.providers': { other: { kind: 'openai-compatible', baseUrl: upstream.baseUrl } },
        'callguard.defaultModel': 'other/small',
      });
    });

    beforeEach(async () => {
      upstream.forget();
      await window.runCommand('View: Revert and Close Editor');
    });

    after(() => upstream.close());

    const question = 'The prompt contains a secret: OpenAI key in message 1 (user)';
    /** A different prompt each time, because earlier answers are still shown. */
    const asks = async (prompt: string, choice: string | undefined, says = answered) => {
      const [dialog] = await Promise.all([answerDialog(window, question, choice), ask(window, prompt, says)]);
      return dialog;
    };

    it('sends nothing when the user closes the question with Esc', async () => {
      const refused =
        /Not sent\.\W+The prompt was not sent because it contains a secret: OpenAI key in message 1 \(user\)/;
      const dialog = await asks(`Whose is ${first}?`, undefined, refused);
      assert.deepEqual(dialog.buttons.toSorted(), ['Do Not Send', 'Send Anyway', 'Send Redacted']);
      assert.ok(!JSON.stringify(dialog).includes(first));
      assert.equal(upstream.acceptedSockets, 0);
    });

    it('redacts the secret when the user says so, and the next time without a question', async () => {
      await asks(`Is ${first} mine?`, 'Send Redacted');
      await ask(window, `Is ${first} still mine?`, answered);
      assert.equal(await window.dialog(), undefined);
      assert.equal(upstream.seen.length, 2);
      for (const { body } of upstream.seen) assert.ok(body.includes('mine?') && !body.includes(first), body);
    });

    it('sends the secret when the user says so, and asks about another one', async () => {
      await asks(`Is ${second} mine?`, 'Send Anyway');
      assert.ok(upstream.seen[0]?.body.includes(second));
      await until(
        'the answer to be whole',
        () => window.visibleLines(),
        (lines) => lines.join(' ').includes('world'),
      );
    });

    it('does not mistake a word that begins like a key for one', async () => {
      await ask(window, 'How do I style sk-fading-circle?', answered);
      assert.ok(upstream.seen[0]?.body.includes('sk-fading-circle'));
    });
  });
});
