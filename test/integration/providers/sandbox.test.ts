import assert from 'node:assert/strict';
import http from 'node:http';
import { listModels } from '../../../src/providers/config/list-models.ts';
import { createSandbox, type Sandbox } from '../../../src/providers/sandbox/sandbox.ts';
import type { SandboxBehaviour } from '../../../src/providers/config/provider-entry.ts';
import { noCredentials } from '../../support/guard-fixture.ts';
import { attempt, provider, senderOptions, textOf } from '../../support/sender.ts';
import { until } from '../../support/vscode/until.ts';

const pace = { wordMs: 0, slowMs: 20, idleMs: 60_000 };

describe('the sandbox', () => {
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

  it('streams an answer that says what it is and what it was asked, with usage', async () => {
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

  it('quotes a long question in part', async () => {
    const { parts } = await ask('why '.repeat(500));
    assert.ok(textOf(parts).length < 400);
    assert.ok(textOf(parts).endsWith('…”'));
  });

  it('fails with a 500 when it is told to', async () => {
    const { report } = await ask('Hello?', 'error');
    assert.deepEqual([report.outcome.kind, report.status], ['http', 500]);
  });

  it('asks for a pause when it is told to', async () => {
    const { report } = await ask('Hello?', 'rate-limit');
    assert.deepEqual(report.outcome, {
      kind: 'http',
      status: 429,
      message: 'The sandbox is set to limit the rate of requests.',
      retryAfterMs: 5_000,
    });
  });

  it('cuts its answer when it is told to', async () => {
    const { parts, report } = await ask('Hello?', 'cut');
    assert.equal(report.outcome.kind, 'cut');
    assert.match(textOf(parts), /^This is Callguard's sandbox\./);
  });

  it('takes its time when it is told to', async () => {
    const began = performance.now();
    const { report } = await ask('Hello?', 'slow');
    assert.equal(report.outcome.kind, 'complete');
    assert.ok(performance.now() - began > 15 * pace.slowMs);
  });

  it('lists its model', async () => {
    const { signal } = new AbortController();
    const listed = await listModels(provider({ kind: 'sandbox' }), noCredentials, signal, options());
    assert.deepEqual(listed, { ok: true, value: ['echo'] });
  });

  it('answers without streaming as well', async () => {
    const { baseUrl, key } = await sandbox.endpoint('answer');
    const body = JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'Hello?' }] });
    const headers = { authorization: `Bearer ${key.secret.reveal()}` };
    const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { choices: { message: { content: string } }[] };
    assert.match(answer.choices[0]?.message.content ?? '', /You asked: “Hello\?”/);
  });

  describe('turns away', () => {
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

    it('nobody who has its key', async () => {
      assert.equal(await status(() => undefined), 200);
    });

    it('a program without its key', async () => {
      assert.equal(await status((headers) => delete headers['authorization']), 403);
    });

    it('a wrong key', async () => {
      assert.equal(await status((headers) => (headers['authorization'] = 'Bearer guess')), 403);
    });

    it('a web page, whatever it knows', async () => {
      assert.equal(await status((headers) => (headers['origin'] = 'https://evil.example')), 403);
    });

    it('a name that was made to point here', async () => {
      assert.equal(await status((headers) => (headers['host'] = 'evil.example')), 403);
    });

    it('a path that it does not have', async () => {
      assert.equal(await status(() => undefined, '/embeddings'), 404);
    });
  });

  it('runs only once it is used, and every start has its own key', async () => {
    const first = await sandbox.endpoint('answer');
    assert.equal(await sandbox.endpoint('answer').then(({ key }) => key), first.key);
    const other = createSandbox(pace);
    assert.notEqual((await other.endpoint('answer')).key.secret.reveal(), first.key.secret.reveal());
    other.dispose();
  });

  it('stops by itself when nobody asks it any more, and starts again when somebody does', async () => {
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

  it('does not start again once it is disposed', async () => {
    await sandbox.endpoint('answer');
    sandbox.dispose();
    await assert.rejects(sandbox.endpoint('answer'), /disposed/);
  });
});
