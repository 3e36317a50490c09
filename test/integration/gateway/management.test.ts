import assert from 'node:assert/strict';
import { gatewayLimits } from '../../../src/shared/limits.ts';
import { ask, startGateway, type GatewayTrial } from '../../support/gateway.ts';

const routes = [
  ['GET', '/api/llm/status'],
  ['GET', '/api/llm/metrics'],
  ['GET', '/api/llm/usage/stats?from=2026-01-15'],
  ['GET', '/api/llm/provider/status'],
  ['GET', '/api/llm/provider/configs'],
  ['POST', '/api/llm/test'],
  ['POST', '/api/llm/provider/configure'],
] as const;
const entry = { kind: 'openai-compatible', baseUrl: 'https://api.example.com/v1' };

describe('Gateway: management routes', () => {
  let trial: GatewayTrial;
  let manager: string;
  let reader: string;

  before(async () => {
    trial = await startGateway({
      providers: {
        acme: {
          ...entry,
          headers: { 'x-team': 'blue', 'x-secret': { vault: 'team' } },
          models: { list: ['m', 'no'], deny: ['no'] },
        },
        claude: { kind: 'anthropic-compatible', baseUrl: 'https://c.example.com', models: { list: ['c'] } },
        broken: { kind: 'openai-compatible' },
      },
      routes: { fast: ['acme/m'] },
    });
    manager = await trial.tokenFor({ kind: 'management' });
    reader = await trial.tokenFor({ kind: 'readOnly' });
  });
  after(() => trial.gateway.stop());
  beforeEach(() => {
    trial.answers.confirms = () => Promise.resolve(true);
    trial.saved.length = 0;
  });

  const bodyFor = (path: string) =>
    path.endsWith('test') ? { provider: 'acme' } : { provider: 'new', settings: entry };
  const askFor = (method: string, path: string, token?: string) =>
    ask(trial.origin, path, { method, token, ...(method === 'POST' ? { body: bodyFor(path) } : {}) });

  for (const [method, path] of routes) {
    it(`answers ${method} ${path} only for tokens with the right grant`, async () => {
      const statuses = [];
      for (const token of [manager, reader, trial.token, undefined]) {
        statuses.push((await askFor(method, path, token)).status);
      }
      assert.deepEqual(statuses, [200, method === 'GET' ? 200 : 403, 403, 401]);
    });
  }

  it('takes no body that would block the window while it is parsed', async () => {
    for (const path of ['/api/llm/test', '/api/llm/provider/configure']) {
      const body = { ...bodyFor(path), more: '\0'.repeat(gatewayLimits.managementBodyBytes) };
      const { status, code } = await ask(trial.origin, path, { token: manager, body });
      assert.deepEqual([status, code], [413, 'too_large']);
    }
  });

  it('answers /health without a token and reveals nothing else', async () => {
    const { status, text } = await ask(trial.origin, '/health');
    assert.deepEqual([status, text], [200, '{"status":"ok"}']);
  });

  it('returns metrics with the content type of their format', async () => {
    const { headers, text } = await askFor('GET', '/api/llm/metrics', reader);
    assert.deepEqual([headers['content-type'], text], ['text/plain; version=0.0.4', 'callguard_up 1\n']);
  });

  it('answers a wrong query with a reason', async () => {
    const { status, text } = await askFor('GET', '/api/llm/usage/stats', reader);
    assert.equal(status, 400);
    assert.match(text, /from: must be a date/);
  });

  it("returns the providers' settings without the values of headers", async () => {
    const { text } = await askFor('GET', '/api/llm/provider/configs', reader);
    const { providers, broken } = JSON.parse(text) as {
      providers: { id: string; headers: string[] }[];
      broken: { id: string }[];
    };
    assert.deepEqual(
      providers.map(({ id, headers }) => [id, headers]),
      [
        ['acme', ['x-team', 'x-secret']],
        ['claude', []],
      ],
    );
    assert.deepEqual(
      broken.map(({ id }) => id),
      ['broken'],
    );
    assert.doesNotMatch(text, /blue|"team"/);
  });

  it('tests an existing provider and answers 404 for another', async () => {
    const test = (body: object) => ask(trial.origin, '/api/llm/test', { token: manager, body });
    assert.deepEqual(JSON.parse((await test({ provider: 'acme', model: 'm' })).text), {
      ok: true,
      provider: 'acme',
      model: 'm',
    });
    assert.equal((await test({ provider: 'nobody' })).status, 404);
    assert.equal((await test({ model: 'm' })).status, 400);
  });

  describe('POST /api/llm/provider/configure', () => {
    const configure = (provider: string, settings: object) =>
      ask(trial.origin, '/api/llm/provider/configure', { token: manager, body: { provider, settings } });

    it('saves a provider after the user confirms it', async () => {
      assert.equal((await configure('new', entry)).status, 200);
      assert.deepEqual(trial.saved, [['new', entry]]);
    });

    it('saves nothing if the user declines', async () => {
      trial.answers.confirms = () => Promise.resolve(false);
      const { status, code } = await configure('new', entry);
      assert.deepEqual([status, code, trial.saved], [403, 'declined', []]);
    });

    for (const [what, id, settings, words] of [
      ['that lacks a base URL', 'new', { kind: 'openai-compatible' }, /new\.baseUrl: is required/],
      [
        'whose policy denies a listed model',
        'new',
        { ...entry, models: { list: ['m'], deny: ['m'] } },
        /new\.models\.list: new\/m is denied/,
      ],
      [
        'that is too long to read',
        'new',
        { ...entry, models: { list: Array.from({ length: 400 }, (_, at) => `model-${at}`) } },
        /too long for a user/,
      ],
      ['with an invalid id', 'No Good', entry, /a provider id must have/],
      [
        'with a key in it',
        'new',
        { ...entry, apiKey: 'sk-0123456789abcdef0123' },
        /must not be in the settings/,
      ],
    ] as const) {
      it(`refuses a provider ${what} without asking the user`, async () => {
        const { status, text } = await configure(id, settings);
        assert.deepEqual([status, trial.saved], [400, []]);
        assert.match(text, words);
        assert.doesNotMatch(text, /sk-0123/);
      });
    }
  });

  it('answers 409 to a configuration where no user can be asked', async () => {
    const headless = await startGateway({ providers: { acme: entry }, hasDialogs: false });
    const token = await headless.tokenFor({ kind: 'management' });
    const body = { provider: 'new', settings: entry };
    const { status, code } = await ask(headless.origin, '/api/llm/provider/configure', { token, body });
    await headless.gateway.stop();
    assert.deepEqual([status, code, headless.saved], [409, 'no_dialog', []]);
  });

  describe('GET /v1/models', () => {
    const list = async (headers: Record<string, string> = {}) => {
      const { text } = await ask(trial.origin, '/v1/models', { token: trial.token, headers });
      return (JSON.parse(text) as { data: { id: string }[] }).data.map(({ id }) => id);
    };

    it('lists routes and allowed models, whatever their protocol and that of the client', async () => {
      const all = ['fast', 'acme/m', 'claude/c'];
      assert.deepEqual(await list(), all);
      assert.deepEqual(await list({ 'anthropic-version': '2023-06-01' }), all);
    });
  });

  for (const [path, method, status, code, shape] of [
    ['/nowhere', 'GET', 404, 'not_found', ['error']],
    ['/v1/audio/speech', 'GET', 404, 'not_found', ['error']],
    ['/v1/embeddings', 'GET', 405, 'wrong_method', ['error']],
    ['/v1/messages/batches', 'GET', 404, 'not_found', ['type', 'error']],
    ['/v1/chat/completions', 'GET', 405, 'wrong_method', ['error']],
    ['/v1/messages', 'DELETE', 405, 'wrong_method', ['type', 'error']],
    ['/api/llm/status', 'PUT', 405, 'wrong_method', ['error']],
  ] as const) {
    it(`answers ${status} for ${method} ${path} in the protocol of the path`, async () => {
      const answer = await ask(trial.origin, path, { method, token: trial.token });
      assert.deepEqual([answer.status, answer.code], [status, code]);
      assert.deepEqual(Object.keys(JSON.parse(answer.text) as object), shape);
      assert.equal(answer.headers.allow !== undefined, status === 405);
    });
  }
});
