import assert from 'node:assert/strict';
import http from 'node:http';
import { listModels } from '../../../src/providers/config/list-models.ts';
import { createSandbox, type Sandbox } from '../../../src/providers/sandbox/sandbox.ts';
import type { SandboxBehaviour } from '../../../src/providers/config/provider-entry.ts';
import { noCredentials } from '../../support/guard-fixture.ts';
import { attempt, provider, senderOptions, textOf } from '../../support/sender.ts';
import { until } from '../../support/vscode/until.ts';

const pace = { wordMs: 0, slowMs: 20, idleMs: 60_000 };

describe('createSandbox', () => {
  let sandbox: Sandbox;

  beforeEach(() => {
    sandbox = createSandbox(pace);
  });
  afterEach(() => {
    sandbox.dispose();
  });

  const options = (behaviour: SandboxBehaviour = 'answer') =>
    senderOptions(provider({ kind: 'sandbox', sandbox: behaviour }), sandbox);
  const ask = (text: string, behaviour?: SandboxBehaviour) =>
    attempt(options(behaviour), {
      credentials: noCredentials,
      prompt: { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] },
    });

  it('streams an answer with the name of the sandbox, the question and usage', async () => {
    const { parts, report } = await ask('Is anybody there?');
    assert.equal(
      textOf(parts),
      "This is Callguard's sandbox. No provider was called, and nothing left this machine. " +
        'You asked: “Is anybody there?”',
    );
    assert.deepEqual(report, {
      outcome: { kind: 'complete' },
      status: 200,
      usage: { inputTokens: 3, cachedInputTokens: 0, outputTokens: 18 },
    });
    assert.ok(parts.filter(({ content }) => content).length > 10);
  });

  it('quotes a part of a long question', async () => {
    const { parts } = await ask('why '.repeat(500));
    assert.ok(textOf(parts).length < 400);
    assert.ok(textOf(parts).endsWith('…”'));
  });

  it('fails with a 500 if set to error', async () => {
    const { report } = await ask('Hello?', 'error');
    assert.deepEqual([report.outcome.kind, report.status], ['http', 500]);
  });

  it('asks for a pause if set to rate-limit', async () => {
    const { report } = await ask('Hello?', 'rate-limit');
    assert.deepEqual(report.outcome, {
      kind: 'http',
      status: 429,
      message: 'The sandbox is set to limit the rate of requests.',
      code: 'rate_limit_exceeded',
      type: 'rate_limit_exceeded',
      retryAfterMs: 5_000,
    });
  });

  it('cuts its answer if set to cut', async () => {
    const { parts, report } = await ask('Hello?', 'cut');
    assert.equal(report.outcome.kind, 'cut');
    assert.match(textOf(parts), /^This is Callguard's sandbox\./);
  });

  it('answers slowly if set to slow', async () => {
    const began = performance.now();
    const { report } = await ask('Hello?', 'slow');
    assert.equal(report.outcome.kind, 'complete');
    assert.ok(performance.now() - began > 15 * pace.slowMs);
  });

  it('lists its one model', async () => {
    const { signal } = new AbortController();
    const listed = await listModels(provider({ kind: 'sandbox' }), noCredentials, signal, options());
    assert.deepEqual(listed, { ok: true, value: ['echo'] });
  });

  it('quotes the question, which comes after the texts of an agent', async () => {
    const { baseUrl, key } = await sandbox.endpoint('answer');
    const content = ['<reminder>Be short.</reminder>', 'Hello?'].map((text) => ({ type: 'text', text }));
    const body = JSON.stringify({ model: 'echo', messages: [{ role: 'user', content }] });
    const headers = { authorization: `Bearer ${key.secret.reveal()}` };
    const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body });
    assert.match(await response.text(), /You asked: “Hello\?”/);
  });

  it('also answers in one piece', async () => {
    const { baseUrl, key } = await sandbox.endpoint('answer');
    const body = JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'Hello?' }] });
    const headers = { authorization: `Bearer ${key.secret.reveal()}` };
    const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { choices: { message: { content: string } }[] };
    assert.match(answer.choices[0]?.message.content ?? '', /You asked: “Hello\?”/);
  });

  describe('for other clients', () => {
    const status = async (change: (headers: Record<string, string>) => void, path = '/models') => {
      const { baseUrl, key } = await sandbox.endpoint('answer');
      const headers = { authorization: `Bearer ${key.secret.reveal()}` };
      change(headers);
      return new Promise<number | undefined>((resolve, reject) => {
        http
          .get(`${baseUrl}${path}`, { headers, agent: false }, (response) => {
            response.resume();
            resolve(response.statusCode);
          })
          .once('error', reject);
      });
    };

    it('answers a client with its key', async () => {
      assert.equal(await status(() => undefined), 200);
    });

    it('refuses a program without its key', async () => {
      assert.equal(await status((headers) => delete headers['authorization']), 403);
    });

    it('refuses a wrong key', async () => {
      assert.equal(await status((headers) => (headers['authorization'] = 'Bearer guess')), 403);
    });

    it('refuses a web page, even with the key', async () => {
      assert.equal(await status((headers) => (headers['origin'] = 'https://evil.example')), 403);
    });

    it('refuses a domain that resolves to it', async () => {
      assert.equal(await status((headers) => (headers['host'] = 'evil.example')), 403);
    });

    it('refuses an unknown path', async () => {
      assert.equal(await status(() => undefined, '/embeddings'), 404);
    });
  });

  it('starts when it is first used, with a new key for every start', async () => {
    const first = await sandbox.endpoint('answer');
    assert.equal(await sandbox.endpoint('answer').then(({ key }) => key), first.key);
    const other = createSandbox(pace);
    assert.notEqual((await other.endpoint('answer')).key.secret.reveal(), first.key.secret.reveal());
    other.dispose();
  });

  it('stops when it is idle, and starts again for the next request', async () => {
    const restless = createSandbox({ ...pace, idleMs: 10 });
    const first = await restless.endpoint('answer');
    const isUp = () =>
      fetch(first.baseUrl).then(
        () => true,
        () => false,
      );
    await until('it to stop', isUp, (up) => !up);
    assert.notEqual((await restless.endpoint('answer')).key, first.key);
    restless.dispose();
  });

  it('does not start after it was disposed', async () => {
    await sandbox.endpoint('answer');
    sandbox.dispose();
    await assert.rejects(sandbox.endpoint('answer'), /disposed/);
  });
});
