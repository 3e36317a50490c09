import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {
  begin,
  goodAnswer,
  reply,
  startFaultUpstream,
  type FaultUpstream,
} from '../support/fault-upstream.ts';
import { ask, chatBody } from '../support/gateway.ts';
import { startHeadless, tryHeadless, type Headless, type HeadlessOptions } from '../support/headless.ts';
import { until } from '../support/vscode/until.ts';
import { folder, letGoAfterEach } from './ledger/ledger-fixture.ts';

const key = 'sk-of-acme-0123456789abcdef';
const masterKey = 'h_1-asqVOR5rtMGK97dlHJRjkH3i_0ivXZ5LPsRcI00';

describe('npm run headless', () => {
  letGoAfterEach();
  let upstream: FaultUpstream;
  let started: Headless[];

  beforeEach(async () => {
    upstream = await startFaultUpstream();
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((headless) => headless.stop()));
    await upstream.close();
  });

  const acme = (fields: object = {}) => ({ kind: 'openai-compatible', baseUrl: upstream.baseUrl, ...fields });
  const settingsWith = (entry: object = acme(), more: object = {}) => ({
    'callguard.providers': { acme: entry },
    ...more,
  });
  const start = async (options: Partial<HeadlessOptions> = {}) => {
    const headless = await startHeadless({
      settings: settingsWith(),
      env: { CALLGUARD_KEY_ACME: key },
      ...options,
    });
    started.push(headless);
    return headless;
  };
  /** The reason why it does not start. */
  const refused = async (options: Partial<HeadlessOptions>) => {
    const ended = await tryHeadless({ settings: settingsWith(), ...options });
    if ('pid' in ended) {
      started.push(ended);
      assert.fail('it started');
    }
    assert.equal(ended.code, 1);
    return ended.log;
  };
  const say = ({ origin, tokens }: Headless, content = 'Hello?') =>
    ask(origin, '/v1/chat/completions', {
      token: tokens.calls,
      body: chatBody({ messages: [{ role: 'user', content }] }),
    });

  it("answers a call with the provider's answer and sends the provider its key", async () => {
    const headless = await start();
    const { status, text } = await say(headless);
    assert.equal(status, 200);
    assert.match(text, /"Hello"[^]*" world"[^]*\[DONE\]/);
    assert.equal(upstream.seen[0]?.headers.authorization, `Bearer ${key}`);
    const stats = await ask(headless.origin, '/api/llm/usage/stats', { token: headless.tokens.readOnly });
    assert.match(stats.text, /"today_requests":1\b/);
  });

  it("looks for the shapes of callguard.redaction.shapes in prompts and log, and for a change's from then on", async () => {
    const shape = (prefix: string) => ({ name: 'Acme token', prefix, chars: 'alnum', min: 20, max: 40 });
    const settings = (prefix: string) =>
      settingsWith(acme(), {
        'callguard.redaction.shapes': [shape(prefix)],
        'callguard.promptSecrets': 'block',
      });
    const token = (prefix: string) => `${prefix}aB3dE5gH7jK9mN1pQ3sT`;
    const headless = await start({ settings: settings('acme_') });
    const refusal = await say(headless, `Use ${token('acme_')}`);
    assert.deepEqual([refusal.status, refusal.code], [400, 'prompt_secret']);
    assert.match(refusal.text, /Acme token in message 1\b/);
    assert.equal((await say(headless, `Use ${token('other_')}`)).status, 200);

    headless.writeSettings(settings('other_'));
    await until(
      'the change to count',
      () => say(headless, `Use ${token('other_')}`),
      ({ status }) => status === 400,
    );
    assert.equal((await say(headless, `Use ${token('acme_')}`)).status, 200);

    upstream.script(reply(400, { error: { message: `no such user: ${token('other_')}` } }));
    const echoed = await say(headless);
    assert.match(echoed.text, /no such user: other_\*\*\*/);
  });

  it('ends without a problem on SIGTERM if no call is in progress', async () => {
    const headless = await startHeadless({ settings: settingsWith() });
    const { code, log } = await headless.stop();
    assert.equal(code, 0);
    assert.doesNotMatch(log, /\[(?:warning|error)\]/);
  });

  it('gives a tool a token of its own, which gets the status that the tool shows', async () => {
    const capped = settingsWith(acme({ limits: { requestsPerDay: 0 } }));
    const { origin, tokens } = await start({ settings: capped, tools: ['codex', 'opencode'] });
    const statusWith = async (token = '') =>
      (await ask(origin, '/v1/chat/completions', { token, body: chatBody() })).status;
    assert.equal(await statusWith(tokens.tools?.['codex']), 400);
    assert.equal(await statusWith(tokens.tools?.['opencode']), 402);
    assert.equal(await statusWith(tokens.calls), 429);
  });

  it('names the tools that it knows, if it does not know the one that it should make a token for', async () => {
    assert.match(
      await refused({ tools: ['codes'] }),
      /'codes' is not a known tool\. Choose from claude, codex, /,
    );
  });

  it('gives each token its own rights', async () => {
    const { origin, tokens } = await start();
    const statusOf = async (token: string, path: string) => (await ask(origin, path, { token })).status;
    assert.equal(await statusOf(tokens.calls, '/v1/models'), 200);
    assert.equal(await statusOf(tokens.readOnly, '/v1/models'), 403);
    assert.equal(await statusOf(tokens.management, '/api/llm/status'), 200);
    assert.equal(await statusOf(tokens.calls, '/api/llm/status'), 403);
  });

  it('applies a change of the settings file from the next call on', async () => {
    const headless = await start();
    assert.equal((await say(headless)).status, 200);
    headless.writeSettings(settingsWith(acme({ limits: { requestsPerDay: 1 } })));
    const { status, code } = await say(headless);
    assert.deepEqual([status, code, upstream.seen.length], [429, 'cap', 1]);
    headless.writeSettings(settingsWith(acme({ limits: { requestsPerDay: 2 } })));
    assert.equal((await say(headless)).status, 200);
  });

  it('keeps the last good settings while the file is broken, and logs that once', async () => {
    const headless = await start();
    headless.write('{ "callguard.providers": {');
    assert.equal((await say(headless)).status, 200);
    assert.equal((await say(headless)).status, 200);
    const logged = headless.log.split('is not valid JSON').length - 1;
    assert.equal(logged, 1, headless.log);
  });

  it('refuses a provider whose address changed, and connects to neither address', async () => {
    const other = await startFaultUpstream();
    const headless = await start();
    headless.writeSettings(settingsWith(acme({ baseUrl: other.baseUrl })));
    const { code } = await say(headless);
    assert.deepEqual([code, upstream.acceptedSockets, other.acceptedSockets], ['origin', 0, 0]);
    headless.writeSettings(settingsWith());
    assert.equal((await say(headless)).status, 200);
    await other.close();
  });

  it('removes the keys from its environment and keeps everything else', async () => {
    const env = {
      CALLGUARD_KEY_ACME: key,
      CALLGUARD_KEY_OTHER: 'sk-unused-0123456789abcdef',
      LLM_SECRET_KEY: masterKey,
      LLM_PREVIOUS_KEYS: '',
      SOMETHING_ELSE: 'kept',
    };
    const headless = await start({ env });
    const { variables } = await headless.probe();
    assert.deepEqual(
      variables.filter((name) => /^(?:CALLGUARD|LLM)_/.test(name)),
      [],
    );
    assert.ok(variables.includes('SOMETHING_ELSE'));
    assert.match(headless.log, /No usable provider takes the key in CALLGUARD_KEY_OTHER/);
    assert.equal((await say(headless)).status, 200);
  });

  it('seals with LLM_SECRET_KEY and creates no key ring then', async () => {
    const { home } = await start({ env: { CALLGUARD_KEY_ACME: key, LLM_SECRET_KEY: masterKey } });
    assert.equal(existsSync(path.join(home, 'keys', 'ring.json')), false);
  });

  it('does not start with a malformed LLM_SECRET_KEY', async () => {
    assert.match(await refused({ env: { LLM_SECRET_KEY: 'short' } }), /LLM_SECRET_KEY/);
  });

  it('does not start with an LLM_SECRET_KEY that is not random, and does not show it', async () => {
    const weak = Buffer.alloc(32).toString('base64');
    const log = await refused({ env: { LLM_SECRET_KEY: weak } });
    assert.match(log, /LLM_SECRET_KEY is not a random key/);
    assert.ok(!log.includes(weak), log);
  });

  it('takes the rights of others away, and does not start with a key ring that others may write to', async () => {
    const home = path.join(folder(), 'home');
    const ring = path.join(home, 'keys', 'ring.json');
    const places = [path.join(home, 'keys'), ring, path.join(home, 'ledger')];
    const modes = () => places.map((at) => (statSync(at).mode & 0o777).toString(8));
    await (await start({ home })).stop();
    assert.deepEqual(modes(), ['700', '600', '700']);
    for (const [at, mode] of [0o755, 0o644, 0o755].entries()) chmodSync(places[at] ?? '', mode);
    const again = await start({ home });
    assert.equal((await say(again)).status, 200);
    assert.deepEqual(modes(), ['700', '600', '700']);
    await again.stop();
    chmodSync(ring, 0o666);
    const log = await refused({ home, env: { CALLGUARD_KEY_ACME: key } });
    assert.ok(log.includes(`chmod 600 '${ring}'`), log);
  });

  it("refuses a prompt with the client's own token, however it is written", async () => {
    const settings = settingsWith(acme(), { 'callguard.promptSecrets': 'block' });
    const headless = await start({ settings });
    const { calls } = headless.tokens;
    for (const text of [calls, Buffer.from(`token=${calls}`).toString('base64')]) {
      const { code } = await say(headless, `Is this right? ${text}`);
      assert.equal(code, 'prompt_secret');
    }
    assert.equal(upstream.acceptedSockets, 0);
  });

  it('does not start if two providers have one variable, and names both', async () => {
    const settings = { 'callguard.providers': { 'my-llm': acme(), 'my.llm': acme() } };
    assert.match(await refused({ settings }), /'my-llm' and 'my\.llm' .* CALLGUARD_KEY_MY_LLM/);
  });

  it('does not start if a key would travel unencrypted to another machine', async () => {
    const settings = settingsWith(acme({ baseUrl: 'http://llm.example/v1' }));
    assert.match(await refused({ settings, env: { CALLGUARD_KEY_ACME: key } }), /without encryption/);
  });

  it('does not start in a folder of VS Code, whatever its name', async () => {
    const storage = path.join(folder(), 'User', 'globalStorage', 'callguard.callguard');
    assert.match(await refused({ home: storage }), /belongs to VS Code/);
    assert.equal(existsSync(storage), false);
    mkdirSync(storage, { recursive: true });
    const link = path.join(folder(), 'link');
    symlinkSync(storage, link);
    assert.match(await refused({ home: link }), /belongs to VS Code/);
  });

  it('does not start in a folder with other files, and changes nothing there', async () => {
    const home = folder();
    writeFileSync(path.join(home, 'notes.txt'), 'mine', { mode: 0o644 });
    const { mode } = statSync(home);
    assert.match(await refused({ home }), /holds other files/);
    assert.equal(statSync(home).mode, mode);
  });

  it('does not start in the folder of another one that is running', async () => {
    const first = await start();
    assert.match(await refused({ home: first.home }), /Another headless Callguard/);
    assert.equal((await say(first)).status, 200);
  });

  it('starts again in its own folder, with the counts and with new tokens', async () => {
    const home = path.join(folder(), 'home');
    const settings = settingsWith(acme({ limits: { requestsPerDay: 1 } }));
    const first = await start({ home, settings });
    assert.equal(statSync(home).mode & 0o777, 0o700);
    assert.equal((await say(first)).status, 200);
    await first.stop();
    const second = await start({ home, settings });
    assert.equal((await say(second)).code, 'cap');
    const { status } = await ask(second.origin, '/v1/models', { token: first.tokens.calls });
    assert.equal(status, 401);
  });

  it('answers 409 to a configuration, as no user can confirm it', async () => {
    const { origin, tokens } = await start();
    const body = { provider: 'new', settings: acme() };
    const token = tokens.management;
    const { status, code } = await ask(origin, '/api/llm/provider/configure', { token, body });
    assert.deepEqual([status, code], [409, 'no_dialog']);
  });

  it('redacts a secret in a prompt without asking, and logs only its kind', async () => {
    const headless = await start();
    assert.equal((await say(headless, `Is ${key} a good key?`)).status, 200);
    assert.doesNotMatch(upstream.seen[0]?.body ?? '', /0123456789abcdef/);
    assert.match(headless.log, /Redacted in a prompt \(gateway\)/);
    assert.doesNotMatch(headless.log, /0123456789abcdef/);
  });

  it('stores and shows no key that a client or the settings have in the place of a name', async () => {
    const shaped = 'sk-proj-0123456789abcdefghijklmnopqrstuvwxyzABCD';
    const headless = await start({
      settings: settingsWith(acme({ baseUrl: `${upstream.baseUrl}/${shaped}` }), {
        'callguard.defaultModel': shaped,
        'callguard.routes': { [shaped.replace('-', ' ')]: [shaped] },
      }),
    });
    const { origin, tokens, home } = headless;
    for (const model of [`acme/${key}`, `acme/${shaped}`, `${key}/m`, `acme/x ${key}`])
      await ask(origin, '/v1/chat/completions', { token: tokens.calls, body: chatBody({ model }) });
    assert.equal(upstream.seen.length, 0);
    for (const path of ['status', 'metrics', 'usage/stats', 'provider/configs', 'provider/status']) {
      const { text } = await ask(origin, `/api/llm/${path}`, { token: tokens.management });
      assert.ok(!text.includes(key) && !text.includes(shaped), path);
    }
    const stored = ['callguard.db', 'callguard.db-wal']
      .map((name) => readFileSync(path.join(home, 'ledger', name), 'latin1'))
      .join('');
    assert.match(stored, /sk-proj-\*\*\*/);
    assert.ok(!stored.includes(key) && !stored.includes(shaped));
  });

  it('keeps the metrics file', async () => {
    const file = path.join(folder(), 'callguard.prom');
    const headless = await start({ settings: settingsWith(acme(), { 'callguard.metrics.textfile': file }) });
    assert.equal((await say(headless)).status, 200);
    await until(
      'the metrics file',
      () => Promise.resolve(existsSync(file) ? readFileSync(file, 'utf8') : ''),
      (text) => text.includes('llm_requests_total'),
    );
  });

  it('stays on the port of --port whatever the settings say', async () => {
    const headless = await start();
    headless.writeSettings(settingsWith(acme(), { 'callguard.gateway.port': 20_001 }));
    assert.equal((await say(headless)).status, 200);
  });

  it('lets a call end after SIGTERM, takes no new ones and ends with code 0', async () => {
    const headless = await start();
    const { promise: ready, resolve: goOn } = Promise.withResolvers<undefined>();
    upstream.script(async (exchange) => {
      await begin(exchange, goodAnswer.slice(0, 2));
      await ready;
      exchange.response.end(goodAnswer.slice(2).join(''));
    });
    const answer = say(headless);
    await upstream.request(0);
    const stopped = headless.stop();
    await until(
      'the port to be closed',
      () => ask(headless.origin, '/health').then(() => 'open', String),
      (state) => state.includes('ECONNREFUSED'),
    );
    goOn(undefined);
    assert.match((await answer).text, /\[DONE\]/);
    assert.equal((await stopped).code, 0);
  });

  it('does not start if its ledger cannot be opened, and logs why', async () => {
    const home = folder();
    writeFileSync(path.join(home, 'headless.lock'), '');
    writeFileSync(path.join(home, 'ledger'), 'a file in the place of the folder');
    assert.match(await refused({ home }), /The ledger cannot be used[^]*The ledger could not be opened/);
  });

  it('does not start without a folder, and shows its usage', async () => {
    assert.match(await refused({ home: '' }), /Usage: npm run headless/);
  });
});
