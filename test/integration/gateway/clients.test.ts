import assert from 'node:assert/strict';
import { createRulebook } from '../../../src/providers/rules/rulebook.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import { describeClients } from '../../support/client-suite.ts';
import { startGateway } from '../../support/gateway.ts';

describe('the room alone', () => {
  describeClients(async (entries) => {
    const providers = parseProviders(entries);
    const settings = { providers, limits: [], workspaceModels: [], workspaceLimits: {} };
    const rulebook = createRulebook(
      () => settings,
      () => undefined,
    );
    const { gateway, origin, token, ledger, troubles } = await startGateway({
      providers: entries,
      ports: { rulebook },
    });
    return {
      origin,
      token,
      records: () => ledger.records,
      stop: async () => {
        await gateway.stop();
        assert.deepEqual(troubles, []);
      },
    };
  });
});
