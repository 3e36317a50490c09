import assert from 'node:assert/strict';
import { listModels } from '../../../src/providers/config/list-models.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { compatible, credentialsFor, senderOptions } from '../../support/sender.ts';
import { testKey } from '../../support/wire.ts';

const { reply, silence } = upstreams;

describe('listModels', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const list = (signal = new AbortController().signal) => {
    const config = compatible(upstream.baseUrl);
    return listModels(config, credentialsFor(config), signal, senderOptions(config));
  };
  const models = [{ id: 'b' }, { id: 'a', owned_by: 'x' }, { id: 'b' }];

  for (const [name, behaviour] of [
    ['in the shape of OpenAI', reply(200, { object: 'list', data: models })],
    ['that is a bare array', reply(200, models)],
    ['without a content type', reply(200, JSON.stringify({ data: models }))],
  ] as const) {
    it(`returns each id once, in the order of the provider, from a list ${name}`, async () => {
      upstream.script(behaviour);
      assert.deepEqual(await list(), { ok: true, value: ['b', 'a'] });
      const { method, url, headers } = await upstream.request(0);
      assert.deepEqual([method, url, headers.authorization], ['GET', '/v1/models', `Bearer ${testKey}`]);
    });
  }

  for (const [name, body, ids] of [
    ['in the shape of Google', { models: [{ name: 'models/a' }, { name: 'models/b' }] }, ['a', 'b']],
    ['in the shape of Ollama', { models: [{ name: 'a:latest', model: 'a:latest' }] }, ['a:latest']],
    ['of names alone', { data: ['a', 'b'] }, ['a', 'b']],
    ['with odd entries', { data: [null, 7, {}, { id: '' }, { id: 3 }, { id: 'a' }] }, ['a']],
    ['that is empty', { object: 'list', data: [] }, []],
    ['that is null', { object: 'list', data: null, models: [{ id: 'a' }] }, ['a']],
  ] as const) {
    it(`reads a list ${name}`, async () => {
      upstream.script(reply(200, body));
      assert.deepEqual(await list(), { ok: true, value: ids });
    });
  }

  it('says what it asked for if nothing is there, and which base URL would answer', async () => {
    const notFound = reply(404, { error: { message: 'no' } });
    upstream.script(notFound, reply(200, models));
    const answers = upstream.origin;
    const asked = `${upstream.baseUrl}/models`;
    assert.deepEqual(await list(), { ok: false, error: { kind: 'notFound', asked, answers } });
    upstream.script(notFound);
    assert.deepEqual(await list(), { ok: false, error: { kind: 'notFound', asked } });
  });

  it('reads a list of a thousand models with long descriptions', async () => {
    const long = Array.from({ length: 1_000 }, (_, at) => ({ id: `m${at}`, description: 'x'.repeat(2_000) }));
    upstream.script(reply(200, { data: long }));
    const listed = await list();
    assert.equal(listed.ok ? listed.value.length : 0, 1_000);
  });

  it('refuses a list that takes a parser long', async () => {
    const items = Array(200_000).fill('{"id":"x"}');
    upstream.script(reply(200, `[${items.join()}]`, { 'content-type': 'application/json' }));
    const listed = await list();
    assert.equal(listed.ok ? undefined : listed.error.kind, 'malformed');
  });

  it('leaves out an id that looks like another', async () => {
    upstream.script(reply(200, [{ id: 'a' }, { id: 'gpt\u202E5' }, { id: 'b\nc' }, { id: '$(check) safe' }]));
    assert.deepEqual(await list(), { ok: true, value: ['a'] });
  });

  for (const [name, behaviour, kind] of [
    ['a rejected key', reply(401, { error: { message: 'no' } }), 'http'],
    ['a redirect', reply(302, '', { location: '/' }), 'redirect'],
    ['a page', reply(200, '<html>', { 'content-type': 'text/html' }), 'malformed'],
    ['JSON that is not a list', reply(200, { ok: true }), 'malformed'],
    ['text that is not a list', reply(200, 'hello'), 'malformed'],
    ['an error inside a 200', reply(200, { error: { message: 'no' } }), 'errorEvent'],
  ] as const) {
    it(`returns ${kind} for ${name}`, async () => {
      upstream.script(behaviour);
      const listed = await list();
      assert.equal(listed.ok ? undefined : listed.error.kind, kind);
    });
  }

  it('stops when its signal aborts', async () => {
    upstream.script(silence);
    const abort = new AbortController();
    const listed = list(abort.signal);
    await upstream.request(0);
    abort.abort();
    assert.deepEqual(await listed, { ok: false, error: { kind: 'aborted' } });
    await upstream.idle();
  });
});
