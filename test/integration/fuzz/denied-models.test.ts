import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkPolicy } from '../../../src/guard/policy.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { fuzz, seed } from '../../support/fuzz.ts';
import { ask, chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';

const policy = { allow: [], deny: ['denied1', 'Secret-Model', 'blocked-*'], default: 'allow' } as const;

/** What a server may read as a denied model. */
const spelled = fc
  .record({
    name: fc.constantFrom('denied1', 'secret-model', 'blocked-7b'),
    capitals: fc.array(fc.boolean(), { maxLength: 12 }),
    prefix: fc.constantFrom(
      '',
      ...['models/', 'Models/', 'models/models/', 'tunedModels/', 'publishers/google/models/', 'openai/'],
      ...['projects/p/locations/l/publishers/google/models/', 'accounts/a/models/', '~x/'],
    ),
    suffix: fc.constantFrom('', ':free', ':latest', ':nitro', '@001', ':free:online', '@20240620'),
    before: fc.constantFrom('', ' ', '\t', '\u00a0', '\u200b', '\ufeff'),
    after: fc.constantFrom('', ' ', '\n', '\u3000', '\0', '%20', '/', '#x', '?x=1'),
    letters: fc.constantFrom('plain', 'wide', 'marked', 'decomposed', 'escaped'),
  })
  .map(({ name, capitals, prefix, suffix, before, after, letters }) => {
    const cased = Array.from(name)
      .map((each, at) => (capitals[at] === true ? each.toUpperCase() : each))
      .join('');
    const wide = cased.replaceAll(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0));
    const forms = {
      plain: cased,
      wide,
      marked: cased.replace('e', 'é'),
      decomposed: cased.replace('e', 'e\u0301'),
      escaped: cased.replace('e', '%65'),
    };
    return before + prefix + forms[letters] + suffix + after;
  });

describe('a denied model', () => {
  fuzz(
    'is denied in every spelling, behind every path and with every tag',
    2_000,
    fc.property(spelled, (name) => {
      assert.notEqual(checkPolicy(name, policy), undefined);
    }),
  );

  it('is not confused with a model whose name only contains it', () => {
    for (const name of ['denied10', 'not-denied1', 'secret-model-2', 'org/denied1x', 'unblocked-7b'])
      assert.equal(checkPolicy(name, policy), undefined, name);
  });

  describe('through the gateway', () => {
    let upstream: upstreams.FaultUpstream;
    let trial: GatewayTrial;

    beforeEach(async () => {
      upstream = await upstreams.startFaultUpstream();
      const { baseUrl } = upstream;
      const models = { list: ['m'], deny: policy.deny, default: 'allow' };
      trial = await startGateway({
        providers: {
          acme: { kind: 'openai-compatible', baseUrl, models },
          gem: { kind: 'google', baseUrl, models },
          claude: { kind: 'anthropic-compatible', baseUrl, models },
        },
        routes: {
          'denied*': ['acme/*'],
          'Denied*': ['gem/*'],
          'models/*': ['claude/*'],
          best: ['acme/m', 'gem/denied1'],
        },
      });
    });
    afterEach(async () => {
      await trial.gateway.stop();
      await upstream.close();
      assert.deepEqual(trial.troubles, []);
    });

    it('reaches no provider on any path, by its provider, by a pattern, or as a fallback', async () => {
      const messages = [{ role: 'user', content: 'x' }];
      const contents = [{ parts: [{ text: 'x' }] }];
      const google = (model: string, method: string) => [
        `/v1beta/models/${encodeURIComponent(model)}:${method}`,
        { contents },
      ];
      await fc.assert(
        fc.asyncProperty(spelled, fc.constantFrom('acme/', 'gem/', 'claude/', ''), async (name, provider) => {
          const model = provider + name;
          for (const [path, body] of [
            ['/v1/chat/completions', chatBody({ model })],
            ['/v1/messages', { model, max_tokens: 1, messages }],
            ['/v1/messages/count_tokens', { model, messages }],
            ['/v1/responses', { model, input: 'x' }],
            ['/v1/embeddings', { model, input: 'x' }],
            ['/v1/completions', { model, prompt: 'x' }],
            google(model, 'generateContent'),
            google(model, 'streamGenerateContent?alt=sse'),
            google(model, 'countTokens'),
            ['/v1/chat/completions', chatBody({ model: 'best' })],
          ] as [string, object][]) {
            const { status } = await ask(trial.origin, path, { token: trial.token, body });
            assert.ok(status >= 400 && status < 500, `${path} ${JSON.stringify(model)}: ${status}`);
          }
          assert.deepEqual(
            upstream.seen.map(({ url, body }) => [url, body]),
            [],
          );
        }),
        { numRuns: 15, seed },
      );
    });
  });
});
