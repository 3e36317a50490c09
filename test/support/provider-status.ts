import { closedCircuit } from '../../src/guard/breaker.ts';
import type { ProviderStatus } from '../../src/observe/status.ts';
import type { ProviderEntry } from '../../src/providers/config/provider-entry.ts';
import { noTotals } from './no-totals.ts';
import { provider } from './sender.ts';

/** A provider that is well and was never called, but for the changes. */
export function providerStatus(
  id: string,
  changes: Partial<ProviderStatus> = {},
  entry: Partial<ProviderEntry> = {},
): ProviderStatus {
  return {
    config: provider({ kind: 'openai', ...entry }, id),
    key: { kind: 'set', kid: 'k', origin: 'https://api.openai.com', redactedKey: '*********6789' },
    circuit: closedCircuit,
    paused: false,
    keyRejected: false,
    outOfCredit: false,
    rateLimitPauses: new Map(),
    today: noTotals,
    caps: [],
    lastOkMs: undefined,
    lastFailureMs: undefined,
    lastFailure: undefined,
    ...changes,
  };
}
