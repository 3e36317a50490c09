import assert from 'node:assert/strict';
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

describe("the gateway's management", () => {
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
    it(`answers ${method} ${path} to whom it may concern, and to nobody else`, async () => {
      const statuses = [];
      for (const token of [manager, reader, trial.token, undefined]) {
        statuses.push((await askFor(method, path, token)).status);
      }
      assert.deepEqual(statuses, [200, method === 'GET' ? 200 : 403, 403, 401]);
    });
  }

  it('is healthy without a token, and says nothing more', async () => {
    const { status, text } = await ask(trial.origin, '/health');
    assert.deepEqual([status, text], [200, '{"status":"ok"}']);
  });

  it('gives metrics in the format that they are in', async () => {
    const { headers, text } = await askFor('GET', '/api/llm/metrics', reader);
    assert.deepEqual([headers['content-type'], text], ['text/plain; version=0.0.4', 'callguard_up 1\n']);
  });

  it('says what is wrong with a query', async () => {
    const { status, text } = await askFor('GET', '/api/llm/usage/stats', reader);
    assert.equal(status, 400);
    assert.match(text, /from: must be a date/);
  });

  it('shows how providers are set up, and no value of a header', async () => {
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

  it('tests a provider that there is', async () => {
    const test = (body: object) => ask(trial.origin, '/api/llm/test', { token: manager, body });
    assert.deepEqual(JSON.parse((await test({ provider: 'acme', model: 'm' })).text), {
      ok: true,
      provider: 'acme',
      model: 'm',
    });
    assert.equal((await test({ provider: 'nobody' })).status, 404);
    assert.equal((await test({ model: 'm' })).status, 400);
  });

  describe('configures a provider', () => {
    const configure = (provider: string, settings: object) =>
      ask(trial.origin, '/api/llm/provider/configure', { token: manager, body: { provider, settings } });

    it('once the person in front of the window says so', async () => {
      assert.equal((await configure('new', entry)).status, 200);
      assert.deepEqual(trial.saved, [['new', entry]]);
    });

    it('and saves nothing if they decline', async () => {
      trial.answers.confirms = () => Promise.resolve(false);
      const { status, code } = await configure('new', entry);
      assert.deepEqual([status, code, trial.saved], [403, 'declined', []]);
    });

    for (const [what, id, settings, words] of [
      ['that lacks something', 'new', { kind: 'openai-compatible' }, /new\.baseUrl: is required/],
      [
        'whose own policy denies what it lists',
        'new',
        { ...entry, models: { list: ['m'], deny: ['m'] } },
        /new\.models\.list: new\/m is denied/,
      ],
      [
        'that nobody could look through',
        'new',
        { ...entry, models: { list: Array.from({ length: 400 }, (_, at) => `model-${at}`) } },
        /too long for a user/,
      ],
      ['with an id that cannot be', 'No Good', entry, /a provider id must have/],
      [
        'with a key in it',
        'new',
        { ...entry, apiKey: 'sk-0123456789abcdef0123' },
        /must not be in the settings/,
      ],
    ] as const) {
      it(`but asks nobody about one ${what}`, async () => {
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

  describe('lists models', () => {
    const list = async (headers: Record<string, string> = {}) => {
      const { text } = await ask(trial.origin, '/v1/models', { token: trial.token, headers });
      return (JSON.parse(text) as { data: { id: string }[] }).data.map(({ id }) => id);
    };

    it('that a client of OpenAI can ask: routes and models that policy allows', async () => {
      assert.deepEqual(await list(), ['fast', 'acme/m']);
    });

    it('that a client of Anthropic can ask', async () => {
      assert.deepEqual(await list({ 'anthropic-version': '2023-06-01' }), ['claude/c']);
    });
  });

  for (const [path, method, status, code, shape] of [
    ['/nowhere', 'GET', 404, 'not_found', ['error']],
    ['/v1/embeddings', 'GET', 404, 'not_found', ['error']],
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
