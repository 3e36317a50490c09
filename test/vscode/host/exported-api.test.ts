import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CallguardApi, ChatRequest } from '../../../src/api.ts';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import {
  answer,
  goodAnswer,
  reply,
  startFaultUpstream,
  stall,
  type FaultUpstream,
} from '../../support/fault-upstream.ts';
import { openHostLedger } from '../../support/vscode/host-ledger.ts';
import { configure, offered, read, user } from '../../support/vscode/host-models.ts';

const question: ChatRequest = {
  model: 'openai/gpt-5',
  messages: [{ role: 'user', content: 'Hello?' }],
  caller: 'callguard-tests.consumer',
};

describe('the exported API', () => {
  let upstream: FaultUpstream;
  let api: CallguardApi;

  before(async () => {
    upstream = await startFaultUpstream();
    const kind = 'openai-compatible';
    await configure(
      {
        openai: { kind, baseUrl: upstream.baseUrl, models: { list: ['gpt-5'] } },
        denied: { kind, baseUrl: upstream.baseUrl, models: { list: ['m'], deny: ['m'] } },
      },
      { fast: ['openai/gpt-5'] },
    );
    await offered('openai/gpt-5');
    const callguard = vscode.extensions.getExtension<CallguardApi>('callguard.callguard');
    assert.ok(callguard !== undefined);
    api = await callguard.activate();
  });

  beforeEach(() => {
    upstream.forget();
    upstream.script(answer());
  });

  after(async () => {
    await configure(undefined);
    await upstream.close();
  });

  it('runs the example in docs/api.md exactly as the page shows it', async () => {
    assert.equal(await vscode.commands.executeCommand('consumer.nameAColour'), 'Hello world');
    assert.deepEqual(
      upstream.seen.map(({ url, body }) => [url, (JSON.parse(body) as { messages: unknown }).messages]),
      [['/v1/chat/completions', [{ role: 'user', content: 'Name a colour.' }]]],
    );
  });

  it("records the caller's self-declared name and what VS Code knows of it", async () => {
    const { store, dispose } = await openHostLedger();
    try {
      const lastCall = () => {
        const [row] = store.audit.latest('call', 1);
        const { frontDoor, caller } = bodyOf(row ?? { body: '' }) ?? {};
        return [frontDoor, caller];
      };
      assert.ok((await api.chat(question)).ok);
      assert.deepEqual(lastCall(), ['api', 'callguard-tests.consumer (self-declared)']);
      const model = await offered('openai/gpt-5');
      await read(await model.sendRequest([user('Hello?')]));
      assert.deepEqual(lastCall(), ['languageModel', 'callguard-tests.consumer']);
    } finally {
      dispose();
    }
  });

  it('has a version, and no extension can change it for the others', () => {
    assert.equal(api.version, 1);
    assert.throws(() => Object.assign(api, { chat: undefined }), TypeError);
  });

  it('passes on each piece of an answer, and names the target of a route', async () => {
    const pieces: string[] = [];
    const result = await api.chat({ ...question, model: 'fast', onText: (text) => pieces.push(text) });
    assert.deepEqual(pieces, ['Hello', ' world']);
    assert.ok(result.ok);
    const { inputTokens, cachedInputTokens, outputTokens, estimated } = result.usage;
    assert.deepEqual(
      [result.servedBy, inputTokens, cachedInputTokens, outputTokens, estimated],
      ['openai/gpt-5', 11, 4, 3, false],
    );
  });

  it('returns a refusal as a value', async () => {
    const refused = await api.chat({ ...question, model: 'denied/m' });
    assert.deepEqual([refused.ok, 'reason' in refused && refused.reason], [false, 'policy']);
    const unknown = await api.chat({ ...question, model: 'nobody/m' });
    assert.deepEqual([unknown.ok, 'reason' in unknown && unknown.reason], [false, 'settings']);
    assert.equal(upstream.seen.length, 0);
  });

  it('retries a failed call, unless the caller says that it is not idempotent', async () => {
    upstream.script(reply(503), answer());
    assert.deepEqual([(await api.chat(question)).ok, upstream.seen.length], [true, 2]);
    upstream.forget();
    upstream.script(reply(503), answer());
    const once = await api.chat({ ...question, idempotent: false });
    assert.deepEqual([once.ok, 'reason' in once && once.reason, upstream.seen.length], [false, 'http', 1]);
  });

  it('closes the socket on an abort, and keeps the text so far', async () => {
    upstream.script(stall(goodAnswer.slice(0, 2)));
    const abort = new AbortController();
    const result = await api.chat({
      ...question,
      signal: abort.signal,
      onText: () => {
        abort.abort();
      },
    });
    assert.deepEqual([result.ok, 'kind' in result && result.kind, result.text], [false, 'aborted', 'Hello']);
    await (
      await upstream.request(0)
    ).closed;
  });

  it('lists models and providers, and shows nothing of a key', () => {
    assert.deepEqual(
      api.models().map(({ id, kind }) => [id, kind]),
      [
        ['openai/gpt-5', 'model'],
        ['fast', 'route'],
      ],
    );
    assert.deepEqual(api.getProviderConfigs()[0], {
      id: 'openai',
      kind: 'openai-compatible',
      label: 'OpenAI-compatible',
      enabled: true,
      baseUrl: upstream.baseUrl,
      models: ['gpt-5'],
    });
  });

  it('returns the status that Show Status shows', async () => {
    const { at, ...status } = await api.getStatus();
    await vscode.commands.executeCommand('callguard.showStatus');
    const shown = vscode.window.activeTextEditor?.document.getText() ?? '';
    const { at: shownAt, ...document } = JSON.parse(shown) as typeof status & { at: string };
    assert.deepEqual(document, JSON.parse(JSON.stringify(status)));
    assert.ok(Date.parse(shownAt) >= Date.parse(at));
    assert.equal(status.providers.find(({ name }) => name === 'openai')?.circuit_state, 'closed');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('has the same counts in usage, status and metrics', async () => {
    const requests = (await api.getUsageStats()).byProvider['openai']?.requests ?? 0;
    const changed = Promise.withResolvers<undefined>();
    const subscription = api.onDidChangeStatus(() => {
      changed.resolve(undefined);
    });
    assert.ok((await api.chat(question)).ok);
    await changed.promise;
    subscription.dispose();
    const { day, byProvider } = await api.getUsageStats();
    const { providers, usage } = await api.getStatus();
    assert.equal(byProvider['openai']?.requests, requests + 1);
    assert.equal(providers.find(({ name }) => name === 'openai')?.today_requests, requests + 1);
    assert.equal(usage.day, day);
    assert.ok(
      (await api.getMetrics()).split('\n').includes(`llm_requests_total{provider="openai"} ${requests + 1}`),
    );
  });

  it('tests a provider, and advises what to do about one that it cannot test', async () => {
    const good = await api.testProvider('openai');
    assert.deepEqual([good.ok, good.usage?.outputTokens], [true, 3]);
    assert.match(good.message, /openai\/gpt-5 answered/);
    assert.equal((await api.testProvider('nobody')).ok, false);
  });

  it('checks everything that it is given', async () => {
    await assert.rejects(api.chat({ ...question, caller: '' }), TypeError);
    const invalid = await api.configureProvider({ id: 'x', kind: 'no such', models: ['m'], caller: 'me' });
    assert.deepEqual([invalid.ok, 'reason' in invalid && invalid.reason], [false, 'invalid']);
  });
});
