import assert from 'node:assert/strict';
import { Drafts } from '../../../src/providers/transport/drafts.ts';
import {
  createHeaderOpener,
  createKeyOpener,
  headerEntry,
} from '../../../src/providers/transport/key-opener.ts';
import { listModels } from '../../../src/providers/config/list-models.ts';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { err, ok } from '../../../src/shared/result.ts';
import { Secret } from '../../../src/shared/secret.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { english } from '../../../src/shared/l10n.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { attempt, provider, senderOptions } from '../../support/sender.ts';
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
        ? ok(new Secret(gatewaySecret))
        : err({ kind: 'originChanged', approved, wanted: origin }),
    );
  },
});

describe("a provider's own headers and parameters", () => {
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
  const options = (vault: Opens) => ({
    ...senderOptions(config()),
    openHeaders: createHeaderOpener(vault),
  });
  const keyOf = (vault: Opens) =>
    createKeyOpener(
      (id) => (id === 'acme' ? config() : undefined),
      vault,
      new Drafts(createRedactor()),
      createHeaderOpener(vault),
    )('acme');

  it('go with a prompt, the secret ones out of the vault', async () => {
    await attempt(options(vaultFor(upstream.origin)));
    const { url, headers } = await upstream.request(0);
    assert.equal(url, '/v1/chat/completions?api-version=2025');
    assert.deepEqual(
      [headers['x-team'], headers['x-gateway'], headers.authorization],
      ['blue', gatewaySecret, `Bearer ${testKey}`],
    );
  });

  it('go with a list of models', async () => {
    upstream.script(upstreams.reply(200, { data: [] }));
    const { signal } = new AbortController();
    await listModels(config(), undefined, signal, options(vaultFor(upstream.origin)));
    const { url, headers } = await upstream.request(0);
    assert.deepEqual([url, headers['x-gateway']], ['/v1/models?api-version=2025', gatewaySecret]);
  });

  it('are refused, and nothing is sent, when the secret was approved for another origin', async () => {
    const vault = vaultFor('https://gateway.example.com');
    const opened = await keyOf(vault);
    assert.ok(!opened.ok && opened.error.kind === 'vault');
    assert.match(
      opened.error.problem(english),
      /x-gateway needs the vault entry 'gateway'.*approved for https:\/\/gateway/,
    );
    const { report } = await attempt(options(vault));
    assert.deepEqual([report.outcome.kind, upstream.seen.length], ['unsendable', 0]);
  });

  it('are refused when the secret was never entered', async () => {
    const opened = await keyOf({ ...vaultFor(''), open: () => Promise.resolve(ok(undefined)) });
    assert.ok(!opened.ok && opened.error.kind === 'vault');
    assert.match(opened.error.problem(english), /No key is set.*Set Header Secret/);
  });

  it('never come back in a message of the provider', async () => {
    upstream.script(upstreams.reply(400, { error: { message: `bad header: ${gatewaySecret}` } }));
    const { report } = await attempt(options(vaultFor(upstream.origin)));
    assert.ok(report.outcome.kind === 'http');
    assert.equal(report.outcome.message, 'bad header: [key]');
  });
});
