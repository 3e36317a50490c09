import { redactSecret } from '../redaction/redact.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { KeyRing, SealingRing } from './key-ring.ts';
import type { VaultAudit, VaultLock } from './vault-ports.ts';
import type { VaultRefusal } from './vault-refusal.ts';
import { rowName } from './row.ts';
import type { VaultRows } from './rows.ts';

/** What rotation and migration work with. */
export interface VaultParts {
  readonly rows: VaultRows;
  readonly ring: KeyRing;
  readonly lock: VaultLock;
  readonly audit: VaultAudit;
  readonly changed: (provider: string) => void;
}

export interface RotationOptions {
  /** Stops before the next key. What is left is sealed again at the next start. */
  readonly signal?: AbortSignal;
  /** Told after each key, `done` of `total`. */
  readonly progress?: (done: number, total: number) => void;
}

/** A key that stays as it was, and why. */
export interface KeptKey {
  readonly provider: string;
  readonly refusal: VaultRefusal;
}

export interface SealingReport {
  /** The providers whose keys were sealed under the current master key just now. */
  readonly sealed: readonly string[];
  /** Those that could not be opened or stored. They are as they were. */
  readonly kept: readonly KeptKey[];
  readonly cancelled: boolean;
}

export interface RotationReport extends SealingReport {
  /** The current master key. */
  readonly kid: string;
  /** Another window rotated while this one waited for the lock; it did the work. */
  readonly elsewhere: boolean;
}

/** `environmentRing`: a key from the environment is rotated there: new LLM_SECRET_KEY, old one to LLM_PREVIOUS_KEYS. */
export type RotationRefusal = VaultRefusal | { readonly kind: 'environmentRing' };

/**
 * Makes a new master key and seals every provider key under it. The ring is written first, so that at whatever
 * write the window dies every key opens, and `sealAgain` at the next start does the rest. The key before stays in
 * the ring, to open, until the next rotation. Keys that cannot be opened are kept as they are, and listed.
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
    // What an unfinished rotation left first: its old keys could not be retired otherwise.
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
    return report.ok ? ok({ ...report.value, kid, elsewhere: false }) : report;
  });
}

/**
 * Seals under the current master key what is still under a previous one: the rest of a rotation that was cut
 * short, or everything after LLM_SECRET_KEY has changed. Does nothing to keys that are under it already.
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
    if (!done.ok) kept.push({ provider, refusal: done.error });
    else if (done.value) sealed.push(provider);
    progress?.(index + 1, providers.value.length);
  }
  return ok({ sealed, kept, cancelled: false });
}

/** Whether there was anything to do. */
async function sealOne(
  parts: VaultParts,
  provider: string,
  ring: SealingRing,
): Promise<Result<boolean, VaultRefusal>> {
  const text = await parts.rows.read(rowName(provider));
  if (!text.ok) return text;
  // Deleted by the store just now, as it could not decrypt it.
  if (text.value === undefined) return err({ kind: 'lost' });
  const opened = parts.rows.openText(text.value, provider, ring);
  if (!opened.ok) return opened;
  if (opened.value.kid === ring.current.kid) {
    // The manifest is written after the row: killed in between, it still names the key before.
    await parts.rows.note(opened.value);
    return ok(false);
  }
  const written = await parts.rows.write(opened.value, ring);
  if (!written.ok) return written;
  const { kid, key } = written.value;
  await parts.audit.write({ kind: 'keyRotated', provider, kid, redactedKey: redactSecret(key.reveal()) });
  parts.changed(provider);
  return ok(true);
}
