import * as z from 'zod';
import { parseJson } from '../shared/json.ts';
import type { Wording } from '../shared/l10n.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { Secret } from '../shared/secret.ts';
import { generationOf, openToken, sealToken } from './fernet.ts';
import { findKey, type Ring } from './key-ring.ts';
import type { MasterKey } from './master-key.ts';

const rowSchema = z.object({ kid: z.string().regex(/^[0-9a-f]{16}$/), token: z.string() });
const sealedSchema = z.object({
  v: z.literal(1),
  provider: z.string().min(1),
  origin: z.string().min(1),
  key: z.string().min(1),
});

/** A provider's key, with the provider and the origin to which it is bound. */
export interface SealedKey {
  readonly provider: string;
  readonly origin: string;
  readonly key: Secret;
}

/** `locked`: sealed under a master key that is not in the ring. `broken`: not written by this vault. */
export type RowFault =
  { readonly kind: 'locked'; readonly kid: string } | { readonly kind: 'broken'; readonly why: Wording };

/** The content of a row. */
export interface OpenedRow extends SealedKey {
  readonly kid: string;
  /** See `generationOf`. */
  readonly generation: string;
}

/** The text of a row: `{ kid, token }`, where the token seals `{ v, provider, origin, key }`. */
export async function sealRow({ provider, origin, key }: SealedKey, under: MasterKey): Promise<string> {
  const token = await sealToken(JSON.stringify({ v: 1, provider, origin, key: key.reveal() }), under);
  return JSON.stringify({ kid: under.kid, token });
}

/** Opens the row stored for `provider`. The text is not trusted: it may be old, damaged, or of another provider. */
export function openRow(text: string, provider: string, ring: Ring): Result<OpenedRow, RowFault> {
  const row = rowSchema.safeParse(parseJson(text));
  if (!row.success) return broken((l10n) => l10n.t('the stored row is damaged'));
  const { kid, token } = row.data;
  const key = findKey(ring, kid);
  if (key === undefined) return err({ kind: 'locked', kid });
  const opened = openToken(token, key);
  if (!opened.ok) {
    const how = opened.error;
    return broken((l10n) => l10n.t('the stored token is damaged ({0})', how));
  }
  const sealed = sealedSchema.safeParse(parseJson(opened.value));
  if (!sealed.success) return broken((l10n) => l10n.t('its content is not in the format of this version'));
  if (sealed.data.provider !== provider)
    return broken((l10n) => l10n.t('the stored token belongs to another provider'));
  const { origin, key: secret } = sealed.data;
  return ok({ provider, origin, key: new Secret(secret), kid, generation: generationOf(token) });
}

/** The id of the master key that a row names; undefined for a damaged row. */
export function kidOfRow(text: string): string | undefined {
  return rowSchema.safeParse(parseJson(text)).data?.kid;
}

function broken(why: Wording): Result<never, RowFault> {
  return err({ kind: 'broken', why });
}
