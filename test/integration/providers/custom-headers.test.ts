import assert from 'node:assert/strict';
import { createKeyOpener, headerEntry } from '../../../src/providers/transport/key-opener.ts';
import type { Credentials } from '../../../src/guard/sender-port.ts';
import { listModels } from '../../../src/providers/config/list-models.ts';
import { err, ok } from '../../../src/shared/result.ts';
import { Secret } from '../../../src/shared/secret.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { english } from '../../../src/shared/l10n.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { attempt, credentialsFor, provider, senderOptions } from '../../support/sender.ts';
import { testKey } from '../../support/wire.ts';

type Opens = Pick<Vault, 'open' | 'refusalOfEveryCall'>;

const gatewaySecret = 'a secret of the gateway';

/** A vault with one header's secret, approved for `approved`. */
const vaultFor = (approved: string): Opens => ({
  refusalOfEveryCall: () => Promise.resolve(undefined),
  open: (name, origin) => {
    if (name !== headerEntry('gateway')) return Promise.resolve(ok(undefined));
    return Promise.resolve(
      origin === approved
        ? ok({ secret: new Secret(gatewaySecret), origin })
        : err({ kind: 'originChanged', approved, wanted: origin }),
    );
  },
});

describe('custom headers and query parameters', () => {
  let upstream: upstreams.FaultUpstream;

  beforeEach(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  afterEach(() => upstream.close());

  const config = () =>
    provider({
      kind: 'openai-compatible',
      baseUrl: upstream.baseUrl,
      headers: { 'X-Team': 'blue', 'x-gateway': { vault: 'gateway' } },
      query: { 'api-version': '2025' },
    });
  const keyOf = (vault: Opens) => createKeyOpener(vault)({ config: config(), draftKey: undefined });
  /** The test key, and the header's secret from the vault. */
  const credentials = async (vault: Opens = vaultFor(upstream.origin)): Promise<Credentials> => {
    const opened = await keyOf(vault);
    assert.ok(opened.ok);
    return { ...credentialsFor(config()), headers: opened.value.headers };
  };

  it('are sent with a prompt, with secrets from the vault', async () => {
    await attempt(senderOptions(config()), { credentials: await credentials() });
    const { url, headers } = await upstream.request(0);
    assert.equal(url, '/v1/chat/completions?api-version=2025');
    assert.deepEqual(
      [headers['x-team'], headers['x-gateway'], headers.authorization],
      ['blue', gatewaySecret, `Bearer ${testKey}`],
    );
  });

  it('are sent with a request for models', async () => {
    upstream.script(upstreams.reply(200, { data: [] }));
    const { signal } = new AbortController();
    await listModels(config(), await credentials(), signal, senderOptions(config()));
    const { url, headers } = await upstream.request(0);
    assert.deepEqual([url, headers['x-gateway']], ['/v1/models?api-version=2025', gatewaySecret]);
  });

  it('are refused if the secret was approved for another origin', async () => {
    const vault = vaultFor('https://gateway.example.com');
    const opened = await keyOf(vault);
    assert.ok(!opened.ok && opened.error.kind === 'vault');
    assert.match(
      opened.error.problem(english),
      /x-gateway needs the vault entry 'gateway'.*approved for https:\/\/gateway/,
    );
  });

  it('are refused if the secret was never entered', async () => {
    const opened = await keyOf({ ...vaultFor(''), open: () => Promise.resolve(ok(undefined)) });
    assert.ok(!opened.ok && opened.error.kind === 'vault');
    assert.match(opened.error.problem(english), /No key is set.*Set Header Secret/);
  });

  it('never appear in a message of the provider', async () => {
    upstream.script(upstreams.reply(400, { error: { message: `bad header: ${gatewaySecret}` } }));
    const { report } = await attempt(senderOptions(config()), { credentials: await credentials() });
    assert.ok(report.outcome.kind === 'http');
    assert.equal(report.outcome.message, 'bad header: [key]');
  });
});
