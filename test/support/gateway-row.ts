import type { GatewayRow } from '../../src/gateway/election/gateway-election.ts';
import type { GatewayReport } from '../../src/ledger/readers.ts';
import { Emitter } from '../../src/shared/emitter.ts';

/** The gateway's row of all the windows of a test. The gateway is wanted from the start. */
export function memoryGatewayRow(): GatewayRow {
  const changed = new Emitter<undefined>();
  let wanted = true;
  let stored: { readonly owner: string; readonly report: GatewayReport } | undefined;
  return {
    state: () => (wanted ? (stored?.report ?? { kind: 'starting' }) : { kind: 'off' }),
    onDidChange: changed.event,
    want: (now) => {
      if (wanted !== now) stored = undefined;
      wanted = now;
      changed.fire(undefined);
      return Promise.resolve();
    },
    report: (owner, report) => {
      if (report !== undefined) stored = { owner, report };
      else if (stored?.owner === owner) stored = undefined;
      changed.fire(undefined);
      return Promise.resolve();
    },
  };
}
