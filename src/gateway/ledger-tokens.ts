import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { TokenEntry } from '../ledger/readers.ts';
import type { TokenGrant, TokenRow, TokenStore } from './tokens.ts';

/** Tokens as rows of the ledger. */
export function ledgerTokens(store: LedgerStore): TokenStore {
  return {
    all: () => Promise.resolve(store.tokens.all().map(tokenRow)),
    put: (row) => store.issueToken(entryOf(row)),
    remove: (id) => store.revokeToken(id),
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
