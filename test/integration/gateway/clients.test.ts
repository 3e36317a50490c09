import assert from 'node:assert/strict';
import { describeClients } from '../../support/client-suite.ts';
import { startGateway } from '../../support/gateway.ts';

describe('Gateway: official clients', () => {
  describeClients(async (entries) => {
    const { gateway, origin, token, ledger, troubles } = await startGateway({ providers: entries });
    return {
      origin,
      token,
      records: () => ledger.records,
      openCalls: () => ledger.open.size,
      stop: async () => {
        await gateway.stop();
        assert.deepEqual(troubles, []);
      },
    };
  });
});
