import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { TokenEntry } from '../ledger/tables/token-table.ts';
import type { TokenGrant, TokenRow, TokenStore } from './tokens.ts';

/** Tokens as rows of the ledger. Creating or revoking one writes an audit row in the same transaction. */
export function ledgerTokens(store: LedgerStore): TokenStore {
  return {
    all: () => Promise.resolve(store.tokens.all().map(tokenRow)),
    put: (row) =>
      store.write(({ nowMs }) => {
        const entry = entryOf(row);
        store.tokens.put(entry);
        store.audit.appendAct(nowMs, 'issueToken', named(entry));
      }),
    remove: (id) =>
      store.write(({ nowMs }) => {
        const entry = store.tokens.all().find((each) => each.id === id);
        if (entry === undefined || !store.tokens.remove(id)) return false;
        store.audit.appendAct(nowMs, 'revokeToken', named(entry));
        return true;
      }),
  };
}

function tokenRow({ id, kind, tenant, hash, createdMs, process }: TokenEntry): TokenRow {
  const grant: TokenGrant = kind === 'calls' ? { kind, tenant: tenant ?? '' } : { kind };
  return { id, grant, hash, createdMs, ...(process === null ? {} : { process }) };
}

function entryOf({ id, grant, hash, createdMs, process }: TokenRow): TokenEntry {
  const tenant = grant.kind === 'calls' ? grant.tenant : null;
  return { id, kind: grant.kind, tenant, hash, createdMs, process: process ?? null };
}

/** The description of a token in the audit trail. */
function named({ id, kind, tenant, process }: TokenEntry): Record<string, string> {
  return {
    token: id,
    grant: kind,
    ...(tenant === null ? {} : { tenant }),
    ...(process === null ? {} : { for: 'terminal' }),
  };
}
