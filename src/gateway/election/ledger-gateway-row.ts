import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { GatewayRow } from './gateway-election.ts';

/** The gateway's row of the ledger, as the election needs it. */
export function ledgerGatewayRow(store: LedgerStore): GatewayRow {
  return {
    state: () => store.gateway.state(),
    onDidChange: store.onDidChange,
    want: (wanted) => store.wantGateway(wanted),
    report: (owner, report) => store.reportGateway(owner, report),
  };
}
