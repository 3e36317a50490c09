import assert from 'node:assert/strict';
import { createModelLister } from '../../../src/providers/config/model-lister.ts';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { english } from '../../../src/shared/l10n.ts';
import { err, ok } from '../../../src/shared/result.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { provider, senderOptions } from '../../support/sender.ts';
import * as upstreams from '../../support/fault-upstream.ts';

const key = 'Zq8Wm3Xc5Vb7Nn9Mk1Lj2Hg4Fd6Ss0Pa';

describe('createModelLister', () => {
  let upstream: upstreams.FaultUpstream;
  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const config = () => provider({ kind: 'openai-compatible', baseUrl: upstream.baseUrl });
  const boundTo = (origin: string) =>
    Promise.resolve(ok({ key: { secret: new Secret(key), origin }, headers: {} }));

  it("has a draft's key redacted while its models are listed", async () => {
    const redactor = createRedactor();
    let seen: string | undefined;
    upstream.script((exchange) => {
      seen = redactor.redact(`wrong key: ${key}`);
      return upstreams.reply(200, { data: [{ id: 'small' }] })(exchange);
    });
    const openKey = () => boundTo(upstream.origin);
    const listModels = createModelLister({ ...senderOptions(config()), openKey, redactor });
    const listed = await listModels({ config: config(), draftKey: new Secret(key) });
    assert.deepEqual(listed, ok(['small']));
    assert.equal(seen, 'wrong key: ***');
    assert.equal(redactor.redact(key), key);
  });

  it('connects nowhere with a key of another origin and says why', async () => {
    const openKey = () => boundTo('https://api.example.com');
    const listModels = createModelLister({ ...senderOptions(config()), openKey, redactor: createRedactor() });
    const listed = await listModels({ config: config(), draftKey: undefined });
    assert.match(listed.ok ? '' : listed.error(english), /approved for https:\/\/api\.example\.com/);
    assert.equal(upstream.acceptedSockets, 0);
  });

  for (const [entered, works] of [
    ['', '/v1'],
    ['/anthropic', '/anthropic/v1'],
    ['/v1', ''],
  ] as const) {
    it(`reports the address with the models, ${works || 'without a version'}, after a 404 at '${entered}'`, async () => {
      const openKey = () => boundTo(upstream.origin);
      const listModels = createModelLister({
        ...senderOptions(config()),
        openKey,
        redactor: createRedactor(),
      });
      upstream.script((exchange) => {
        const isThere = exchange.request.url.startsWith(`${works}/models`);
        const body = isThere ? { data: [{ id: 'small' }] } : { error: { message: 'no' } };
        return upstreams.reply(isThere ? 200 : 404, body)(exchange);
      });
      for (const kind of ['openai-compatible', 'anthropic-compatible'] as const) {
        const draft = provider({ kind, baseUrl: upstream.origin + entered });
        const found: unknown[] = [];
        const listed = await listModels({ config: draft, draftKey: undefined }, (baseUrl, models) => {
          found.push([baseUrl, models]);
        });
        assert.deepEqual(found, [[upstream.origin + works, ['small']]]);
        const words = listed.ok ? '' : listed.error(english);
        assert.ok(
          words.includes(`${upstream.origin}${entered}/models`) && words.includes(upstream.origin + works),
        );
      }
    });
  }

  it('gives the refusal of the vault in words', async () => {
    const refusal = { kind: 'vault', provider: 'acme', problem: () => 'no key' } as const;
    const openKey = () => Promise.resolve(err(refusal));
    const listModels = createModelLister({ ...senderOptions(config()), openKey, redactor: createRedactor() });
    const listed = await listModels({ config: config(), draftKey: undefined });
    assert.equal(listed.ok ? '' : listed.error(english), 'acme: no key');
  });
});
