import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { wantGateway } from '../../ledger/manual-overrides.ts';
import type { GatewayRow } from './gateway-election.ts';

/** The gateway's row of the ledger, as the election needs it. */
export function ledgerGatewayRow(store: LedgerStore): GatewayRow {
  const { gateway } = store;
  return {
    state: () => gateway.state(),
    onDidChange: store.onDidChange,
    want: (wanted) => wantGateway(store, wanted),
    report: (owner, report) =>
      store.write(() => {
        if (report === undefined) gateway.withdraw(owner);
        else gateway.report(owner, report);
      }),
  };
}
