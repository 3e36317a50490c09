import assert from 'node:assert/strict';
import { judge } from '../../../src/guard/outcome.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import { providerErrors } from '../../support/provider-errors.ts';
import { attempt, compatible, senderOptions } from '../../support/sender.ts';

const { answer, reply } = upstreams;

describe('the errors of real providers', () => {
  let upstream: upstreams.FaultUpstream;

  before(async () => {
    upstream = await upstreams.startFaultUpstream();
  });
  after(() => upstream.close());

  const report = async () => (await attempt(senderOptions(compatible(upstream.baseUrl)))).report;

  for (const sent of providerErrors) {
    it(`reads ${sent.from}`, async () => {
      upstream.script(reply(sent.status, sent.body, sent.headers));
      const { outcome, status, requestId } = await report();
      assert.ok(outcome.kind === 'http' || outcome.kind === 'outOfCredit', outcome.kind);
      const { code, type, message } = outcome;
      assert.deepEqual(
        { kind: outcome.kind, status: outcome.status, code, type, requestId: outcome.requestId },
        {
          kind: sent.becomes,
          status: sent.as ?? sent.status,
          code: sent.code,
          type: sent.type,
          requestId: sent.requestId,
        },
      );
      assert.match(message, sent.says);
      assert.deepEqual([status, requestId], [sent.status, sent.requestId]);
      assert.equal(judge(outcome).consequence?.kind, sent.consequence);
    });

    it(`reads ${sent.from}, told in a 200`, async () => {
      upstream.script(answer([`data: ${JSON.stringify(sent.body)}\n\n`]));
      const { outcome } = await report();
      assert.equal(outcome.kind, sent.told ?? sent.becomes);
      if (!('message' in outcome)) return;
      assert.match(outcome.message, sent.says);
      if (outcome.kind === 'http' && sent.told === undefined)
        assert.equal(outcome.status, sent.toldAs ?? sent.as ?? sent.status);
    });
  }
});
