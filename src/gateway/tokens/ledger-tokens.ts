import * as z from 'zod';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { TokenEntry } from '../../ledger/readers.ts';
import { parseJson } from '../../shared/json.ts';
import { settingsLimits } from '../../shared/limits.ts';
import {
  tokenCapKinds,
  type TokenCapKind,
  type TokenGrant,
  type TokenRow,
  type TokenSettings,
  type TokenStore,
} from './tokens.ts';

const cap = z.number().nonnegative().optional();

const settingsSchema = z.object({
  name: z.string().optional(),
  tool: z.string().optional(),
  caps: z
    .object(Object.fromEntries(tokenCapKinds.map((kind) => [kind, cap])) as Record<TokenCapKind, typeof cap>)
    .optional(),
  models: z.array(z.string()).max(settingsLimits.patterns).optional(),
  expiresMs: z.number().optional(),
}) satisfies z.ZodType<TokenSettings>;

/** What was stored cannot be read, so it is unknown what the token may do. */
const unreadable: TokenSettings = { expiresMs: 0 };

/** Tokens as rows of the ledger. */
export function ledgerTokens(store: LedgerStore): TokenStore {
  return {
    all: () => Promise.resolve(store.tokens.all().map(tokenRow)),
    put: (row) => store.issueToken(entryOf(row)),
    remove: (id) => store.revokeToken(id),
  };
}

function tokenRow({ id, kind, tenant, hash, createdMs, process, settings }: TokenEntry): TokenRow {
  const grant: TokenGrant = kind === 'calls' ? { kind, tenant: tenant ?? '' } : { kind };
  const row = { id, grant, hash, createdMs, ...(process === null ? {} : { process }) };
  if (settings === '{}') return row;
  const parsed = settingsSchema.safeParse(parseJson(settings));
  return { ...row, settings: parsed.success ? parsed.data : unreadable };
}

function entryOf({ id, grant, hash, createdMs, process, settings = {} }: TokenRow): TokenEntry {
  const tenant = grant.kind === 'calls' ? grant.tenant : null;
  const text = JSON.stringify(settings);
  return { id, kind: grant.kind, tenant, hash, createdMs, process: process ?? null, settings: text };
}
