import { redactSecret } from '../redaction/redact.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { Secret } from '../shared/secret.ts';
import { decodeLegacyValue, legacyRowName, providerOfLegacyRow } from './legacy.ts';
import { assertOrigin } from './key-origin.ts';
import type { VaultRefusal } from './vault-refusal.ts';
import type { VaultParts } from './rotation.ts';

/** The origin to bind a key of the older layout to. `catalogue`: the kind's own, which needs no confirmation. */
export interface LegacyBinding {
  readonly origin: string;
  readonly from: 'catalogue' | 'custom';
}

export interface MigrationOptions {
  /** Undefined for a provider that is not configured. */
  readonly bindingOf: (provider: string) => LegacyBinding | undefined;
  /** Asks the user whether the key may be sent to a custom origin. At most once per run, and not under the lock. */
  readonly confirmOrigin: (provider: string, origin: string) => Promise<boolean>;
}

/** Why an old entry was not migrated. */
export type MigrationRefusal =
  | VaultRefusal
  | { readonly kind: 'unknownProvider' }
  | { readonly kind: 'originDeclined' }
  /** The vault has a newer key for the provider, which is not overwritten. */
  | { readonly kind: 'otherKeySet' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadableToken' };

export interface MigrationReport {
  readonly migrated: readonly string[];
  readonly kept: readonly { readonly provider: string; readonly refusal: MigrationRefusal }[];
}

/**
 * Turns SecretStorage entries `callguard.apiKey.<id>` into sealed keys, one by one. Removes an old value only after its
 * key was sealed, stored and read back. After a crash in between, the next start removes it.
 */
export async function migrateLegacyKeys(
  parts: VaultParts,
  options: MigrationOptions,
): Promise<Result<MigrationReport, VaultRefusal>> {
  const names = await parts.rows.names();
  if (!names.ok) return names;
  const migrated: string[] = [];
  const kept: { provider: string; refusal: MigrationRefusal }[] = [];
  for (const provider of names.value.flatMap((name) => providerOfLegacyRow(name) ?? []).sort()) {
    const result = await migrateOne(parts, provider, options);
    if (!result.ok && result.error.kind === 'storeSilent') return err(result.error);
    if (!result.ok) kept.push({ provider, refusal: result.error });
    else if (result.value) migrated.push(provider);
    parts.changed(provider);
  }
  return ok({ migrated, kept });
}

async function migrateOne(
  parts: VaultParts,
  provider: string,
  { bindingOf, confirmOrigin }: MigrationOptions,
): Promise<Result<boolean, MigrationRefusal>> {
  const binding = bindingOf(provider);
  if (binding === undefined) return err({ kind: 'unknownProvider' });
  const { origin, from } = binding;
  assertOrigin(origin);
  if (from === 'custom' && (await isFree(parts, provider)) && !(await confirmOrigin(provider, origin))) {
    return err({ kind: 'originDeclined' });
  }
  return await parts.lock.hold(() => moveKey(parts, provider, origin));
}

async function isFree(parts: VaultParts, provider: string): Promise<boolean> {
  const opened = await parts.rows.open(provider);
  return !opened.ok && (opened.error.kind === 'notSet' || opened.error.kind === 'lost');
}

/** Whether the entry still existed: another window may have been faster. */
async function moveKey(
  parts: VaultParts,
  provider: string,
  origin: string,
): Promise<Result<boolean, MigrationRefusal>> {
  const old = await parts.rows.read(legacyRowName(provider));
  if (!old.ok) return old;
  if (old.value === undefined) return ok(false);
  parts.rows.register(provider, old.value);
  const ring = await parts.ring.loadForSealing();
  if (!ring.ok) return ring;
  const key = decodeLegacyValue(old.value, ring.value);
  if (!key.ok) return err({ kind: key.error });

  let current = await parts.rows.open(provider);
  if (!current.ok && (current.error.kind === 'notSet' || current.error.kind === 'lost')) {
    current = await parts.rows.write({ provider, origin, key: new Secret(key.value) }, ring.value);
  }
  if (!current.ok) return current;
  if (current.value.key.reveal() !== key.value) return err({ kind: 'otherKeySet' });
  // A window may have crashed after the row and before the manifest.
  await parts.rows.updateManifest(current.value, ring.value);
  const { kid } = current.value;
  await parts.audit.write({ kind: 'keyMigrated', provider, kid, redactedKey: redactSecret(key.value) });
  const removed = await parts.rows.delete(legacyRowName(provider));
  return removed.ok ? ok(true) : removed;
}
