import { redactSecret } from '../redaction/redact.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { KeyRing, SealingRing } from './key-ring.ts';
import type { VaultAudit, VaultLock } from './vault-ports.ts';
import type { VaultRefusal } from './vault-refusal.ts';
import { rowName } from './row-name.ts';
import type { VaultRows } from './rows.ts';

/** The ports of rotation and migration. */
export interface VaultParts {
  readonly rows: VaultRows;
  readonly ring: KeyRing;
  readonly lock: VaultLock;
  readonly audit: VaultAudit;
  readonly changed: (provider: string) => void;
}

export interface RotationOptions {
  /** Stops before the next key. The next start seals the remaining keys again. */
  readonly signal?: AbortSignal;
  /** Called after each key: `done` of `total`. */
  readonly progress?: (done: number, total: number) => void;
}

/** A key that was not sealed again, and why. */
export interface KeptKey {
  readonly provider: string;
  readonly refusal: VaultRefusal;
}

export interface SealingReport {
  /** The providers whose keys are now sealed under the current master key. */
  readonly sealed: readonly string[];
  /** The keys that could not be opened or stored. They are unchanged. */
  readonly kept: readonly KeptKey[];
  readonly cancelled: boolean;
}

export interface RotationReport extends SealingReport {
  /** The current master key. */
  readonly kid: string;
  /** Another window rotated while this one waited for the lock. */
  readonly elsewhere: boolean;
}

/** `environmentRing`: rotate in the environment: set a new LLM_SECRET_KEY and move the old one to LLM_PREVIOUS_KEYS. */
export type RotationRefusal = VaultRefusal | { readonly kind: 'environmentRing' };

/**
 * Creates a new master key and seals every provider key under it. Writes the ring first, so that every key opens after
 * a crash at any time, and `sealAgain` finishes the work at the next start. The previous key stays in the ring, to open,
 * until the next rotation. Keys that cannot be opened stay unchanged and are listed.
 */
export async function rotateMasterKey(
  parts: VaultParts,
  options: RotationOptions,
): Promise<Result<RotationReport, RotationRefusal>> {
  const asked = await parts.ring.load();
  if (!asked.ok) return asked;
  if (asked.value.source === 'environment') return err({ kind: 'environmentRing' });
  return await parts.lock.hold(async () => {
    const before = await parts.ring.loadForSealing();
    if (!before.ok) return before;
    const { kid: from } = before.value.current;
    if (asked.value.current !== undefined && asked.value.current.kid !== from) {
      return ok({ kid: from, elsewhere: true, sealed: [], kept: [], cancelled: false });
    }
    // First finish an interrupted rotation, so that its old keys can be retired.
    const finished = await sealUnder(parts, before.value, options.signal);
    if (!finished.ok) return finished;
    if (finished.value.cancelled) return ok({ ...finished.value, kid: from, elsewhere: false });
    const needed = await parts.rows.kids();
    if (!needed.ok) return needed;
    const ring = await parts.ring.advance(needed.value);
    if (!ring.ok) return ring;
    const { kid } = ring.value.current;
    await parts.audit.write({ kind: 'masterKeyRotated', from, kid });
    const report = await sealUnder(parts, ring.value, options.signal, options.progress);
    // The ring has the new key by now, so nothing is lost, and the next start seals the rest.
    const { sealed, kept, cancelled } = report.ok ? report.value : { sealed: [], kept: [], cancelled: true };
    return ok({ sealed, kept, cancelled, kid, elsewhere: false });
  });
}

/**
 * Seals keys that are still under a previous master key under the current one: the rest of an interrupted rotation, or
 * all keys after LLM_SECRET_KEY has changed. Does not touch keys that are already under it.
 */
export async function sealAgain(
  parts: VaultParts,
  options: RotationOptions,
): Promise<Result<SealingReport, VaultRefusal>> {
  return await parts.lock.hold(async () => {
    const ring = await parts.ring.load();
    if (!ring.ok) return ring;
    const { source, current, previous } = ring.value;
    if (current === undefined) return ok({ sealed: [], kept: [], cancelled: false });
    return await sealUnder(parts, { source, current, previous }, options.signal, options.progress);
  });
}

async function sealUnder(
  parts: VaultParts,
  ring: SealingRing,
  signal?: AbortSignal,
  progress?: RotationOptions['progress'],
): Promise<Result<SealingReport, VaultRefusal>> {
  const providers = await parts.rows.providers();
  if (!providers.ok) return providers;
  const sealed: string[] = [];
  const kept: KeptKey[] = [];
  for (const [index, provider] of providers.value.entries()) {
    if (signal?.aborted === true) return ok({ sealed, kept, cancelled: true });
    const done = await sealOne(parts, provider, ring);
    // Each of the others would take as long, and the lock is held.
    if (!done.ok && done.error.kind === 'storeSilent') return done;
    if (!done.ok) kept.push({ provider, refusal: done.error });
    else if (done.value) sealed.push(provider);
    progress?.(index + 1, providers.value.length);
  }
  return ok({ sealed, kept, cancelled: false });
}

/** Whether the key had to be sealed again. */
async function sealOne(
  parts: VaultParts,
  provider: string,
  ring: SealingRing,
): Promise<Result<boolean, VaultRefusal>> {
  const text = await parts.rows.read(rowName(provider));
  if (!text.ok) return text;
  // The store has just deleted the row, because it could not decrypt it.
  if (text.value === undefined) return err({ kind: 'lost' });
  const opened = parts.rows.openText(text.value, provider, ring);
  if (!opened.ok) return opened;
  // Sealed again, an older row would pass for the latest.
  const checked = await parts.rows.unlessRolledBack(opened.value, ring);
  if (!checked.ok) return checked;
  if (opened.value.kid === ring.current.kid) {
    // After a crash between row and manifest, its entry still names the previous key. One of an earlier version gets
    // its MACs here.
    await parts.rows.updateManifest(opened.value, ring);
    return ok(false);
  }
  const written = await parts.rows.write(opened.value, ring);
  if (!written.ok) return written;
  const { kid, key } = written.value;
  await parts.audit.write({ kind: 'keyRotated', provider, kid, redactedKey: redactSecret(key.reveal()) });
  parts.changed(provider);
  return ok(true);
}
