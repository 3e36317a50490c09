import { redactSecret } from '../redaction/redact.ts';
import type { BoundKey } from '../shared/bound-key.ts';
import { DisposableStore, type Disposable } from '../shared/disposable.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Secret } from '../shared/secret.ts';
import { refusesEveryCall, type KeyRingProblem } from './key-ring.ts';
import type { MigrationOptions, MigrationReport } from './legacy-migration.ts';
import { assertOrigin } from './key-origin.ts';
import type { VaultLock } from './vault-ports.ts';
import type { KeyState, VaultRefusal } from './vault-refusal.ts';
import type { RotationOptions, RotationRefusal, RotationReport, SealingReport } from './rotation.ts';
import { providerOfRow, rowName } from './row-name.ts';
import type { VaultPorts, VaultRows } from './rows.ts';

export interface VaultOptions extends VaultPorts {
  readonly lock: VaultLock;
}

/**
 * The sealed provider keys. A key is bound to its provider and to the origin for which it was approved. Origins must be
 * as `parseBaseUrl` returns them; any other spelling throws a RangeError. Refusals of SecretStorage or the key ring are
 * values. Errors of the manifest, the lock or the audit are thrown, except for the audit of a locked key.
 */
export class Vault implements Disposable {
  readonly #options: VaultOptions;
  readonly #changed = new Emitter<string>();
  readonly #silence = new Emitter<boolean>();
  readonly #owned = new DisposableStore();
  /** What this session has already written to the audit: what was found at a key is written once. */
  readonly #audited = new Set<string>();
  #isSilent = false;
  #loading: Promise<VaultRows> | undefined;
  #loaded: VaultRows | undefined;

  /** Fires with the id of a provider whose key may have changed, in any window. May fire without a change. */
  readonly onDidChangeKeys: Event<string> = this.#changed.event;

  /** Fires with true when SecretStorage no longer answers, and with false once it has answered everything. */
  readonly onDidChangeSilence: Event<boolean> = this.#silence.event;

  constructor(options: VaultOptions) {
    this.#options = options;
    this.#owned.add(
      options.store.onDidChange((name) => {
        this.#rowChanged(name);
      }),
    );
  }

  /** Whether SecretStorage owes an answer for too long. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** The provider's key, bound to `origin`. Undefined if none was ever set. */
  async open(provider: string, origin: string): Promise<Result<BoundKey | undefined, VaultRefusal>> {
    assertOrigin(origin);
    const opened = await (await this.#rows()).open(provider);
    if (!opened.ok) {
      if (opened.error.kind === 'notSet') return ok(undefined);
      await this.#auditRefused(provider, opened.error);
      return err(asOriginChanged(opened.error, origin));
    }
    const { origin: approved, key, kid } = opened.value;
    if (approved !== origin) return err({ kind: 'originChanged', approved, wanted: origin });
    await this.#auditOnce(`opened ${provider} ${kid}`, () =>
      this.#options.audit.write({
        kind: 'keyOpened',
        provider,
        kid,
        redactedKey: redactSecret(key.reveal()),
      }),
    );
    return ok({ secret: key, origin: approved });
  }

  /** The state of the provider's key, as shown to the user. */
  async state(provider: string, origin: string): Promise<KeyState> {
    assertOrigin(origin);
    const opened = await (await this.#rows()).open(provider);
    if (!opened.ok) {
      await this.#auditRefused(provider, opened.error);
      return asOriginChanged(opened.error, origin);
    }
    const { origin: approved, key, kid } = opened.value;
    if (approved !== origin) return { kind: 'originChanged', approved, wanted: origin };
    return { kind: 'set', kid, origin, redactedKey: redactSecret(key.reveal()) };
  }

  /**
   * Seals a key that the user entered or imported for this origin, and replaces the previous one. A locked key is not
   * overwritten, because a window with its master key may use it. It must be removed first.
   */
  async set(
    provider: string,
    origin: string,
    key: Secret,
    from: 'user' | 'import' = 'user',
  ): Promise<Result<undefined, VaultRefusal>> {
    assertOrigin(origin);
    if (key.reveal() === '') throw new RangeError('a key must not be empty');
    return await this.#change(provider, async () => {
      const rows = await this.#rows();
      const before = await rows.openAnyAge(provider);
      if (!before.ok && !replaceable.has(before.error.kind)) return before;
      const ring = await this.#options.ring.loadForSealing();
      if (!ring.ok) return ring;
      const written = await rows.write({ provider, origin, key }, ring.value, this.#options.clock.nowMs());
      if (!written.ok) return written;
      const replaced = before.ok || before.error.kind === 'broken';
      await this.#options.audit.write({
        kind: from === 'import' ? 'keyImported' : replaced ? 'keyReplaced' : 'keySet',
        provider,
        kid: written.value.kid,
        redactedKey: redactSecret(key.reveal()),
      });
      return ok(undefined);
    });
  }

  /** Deletes the provider's key, in any state. Does nothing if there is none. */
  async remove(provider: string): Promise<Result<undefined, VaultRefusal>> {
    return await this.#change(provider, async () => {
      const rows = await this.#rows();
      const text = await rows.read(rowName(provider));
      if (!text.ok) return text;
      const known = await rows.known(provider);
      if (text.value === undefined && known === undefined) return ok(undefined);
      const removed = await rows.remove(provider);
      const named = known && { kid: known.kid, redactedKey: known.redactedKey };
      if (removed.ok) await this.#options.audit.write({ kind: 'keyRemoved', provider, ...named });
      return removed;
    });
  }

  /** Binds the key to the origin that the user has just confirmed, and to no other. */
  async confirmOrigin(provider: string, origin: string): Promise<Result<undefined, VaultRefusal>> {
    assertOrigin(origin);
    return await this.#change(provider, async () => {
      const rows = await this.#rows();
      const opened = await rows.openAnyAge(provider);
      if (!opened.ok) return opened;
      const { row, ring: opening } = opened.value;
      const checked = await rows.unlessRolledBack(row, opening);
      const { key, origin: stored } = row;
      if (checked.ok && stored === origin) return ok(undefined);
      // The user was asked about the address, and not about an older key.
      if (!checked.ok && (checked.error.kind !== 'rolledBack' || checked.error.approved === stored)) {
        return checked;
      }
      const from = checked.ok ? stored : ((await rows.known(provider))?.origin ?? stored);
      const ring = await this.#options.ring.loadForSealing();
      if (!ring.ok) return ring;
      const written = await rows.write({ provider, origin, key }, ring.value);
      if (!written.ok) return written;
      const { kid } = written.value;
      const redactedKey = redactSecret(key.reveal());
      await this.#options.audit.write({
        kind: 'originConfirmed',
        provider,
        kid,
        redactedKey,
        from,
        to: origin,
      });
      return ok(undefined);
    });
  }

  /** Why there is no usable master key, for any provider. */
  async masterKeyProblem(): Promise<KeyRingProblem | undefined> {
    const ring = await (await this.#rows()).ring();
    return ring.ok ? undefined : ring.error;
  }

  /** Why every call is refused, even to a provider without a key. */
  async refusalOfEveryCall(): Promise<KeyRingProblem | undefined> {
    const problem = await this.masterKeyProblem();
    return problem && refusesEveryCall(problem) ? problem : undefined;
  }

  /** See `rotateMasterKey`. */
  async rotate(options: RotationOptions = {}): Promise<Result<RotationReport, RotationRefusal>> {
    const { rotateMasterKey } = await import('./rotation.ts');
    return await rotateMasterKey(await this.#parts(), options);
  }

  /** See `sealAgain`. Call it once at start. */
  async sealAgain(options: RotationOptions = {}): Promise<Result<SealingReport, VaultRefusal>> {
    const { sealAgain } = await import('./rotation.ts');
    return await sealAgain(await this.#parts(), options);
  }

  /** See `migrateLegacyKeys`. Call it once at start. */
  async migrate(options: MigrationOptions): Promise<Result<MigrationReport, VaultRefusal>> {
    const { migrateLegacyKeys } = await import('./legacy-migration.ts');
    return await migrateLegacyKeys(await this.#parts(), options);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #parts() {
    const { ring, audit, lock } = this.#options;
    return {
      ring,
      audit,
      lock,
      rows: await this.#rows(),
      changed: (provider: string) => {
        this.#changed.fire(provider);
      },
    };
  }

  /** Loaded on first use, because activation needs none of it. */
  async #rows(): Promise<VaultRows> {
    this.#loading ??= import('./rows.ts').then(({ VaultRows: Rows }) => {
      this.#loaded = new Rows(this.#options, {
        onSilence: (isSilent) => {
          this.#isSilent = isSilent;
          this.#silence.fire(isSilent);
        },
        onLateAnswer: (name) => {
          this.#rowChanged(name);
        },
      });
      return this.#loaded;
    });
    return await this.#loading;
  }

  #rowChanged(name: string): void {
    const provider = providerOfRow(name);
    if (provider === undefined) return;
    this.#loaded?.forget(provider);
    this.#changed.fire(provider);
  }

  async #change<T>(provider: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#options.lock.hold(work);
    } finally {
      // Fires even if the manifest or the audit could not be written, because the key may have changed by then.
      this.#changed.fire(provider);
    }
  }

  async #auditRefused(provider: string, refusal: VaultRefusal): Promise<void> {
    try {
      if (refusal.kind === 'locked') await this.#auditLocked(provider, refusal.kid);
      if (refusal.kind !== 'rolledBack') return;
      const { kid, redactedKey, stored, approved } = refusal;
      const event = { kind: 'keyRolledBack', provider, kid, redactedKey, stored, approved } as const;
      await this.#auditOnce(JSON.stringify(event), () => this.#options.audit.write(event));
    } catch {
      // No key is given out, so only the attempt is missing from the audit. The next attempt writes it.
    }
  }

  async #auditLocked(provider: string, kid: string): Promise<void> {
    await this.#auditOnce(`locked ${provider} ${kid}`, async () => {
      const known = await (await this.#rows()).known(provider);
      const named = known?.kid === kid ? { redactedKey: known.redactedKey } : {};
      await this.#options.audit.write({ kind: 'keyLocked', provider, kid, ...named });
    });
  }

  async #auditOnce(what: string, write: () => Promise<void>): Promise<void> {
    if (this.#audited.has(what)) return;
    this.#audited.add(what);
    try {
      await write();
    } catch (error) {
      this.#audited.delete(what);
      throw error;
    }
  }
}

const replaceable = new Set<VaultRefusal['kind']>(['notSet', 'lost', 'broken']);

/** A row that was rolled back to another address gets the refusal of any other address. */
function asOriginChanged(refusal: VaultRefusal, wanted: string): VaultRefusal {
  if (refusal.kind !== 'rolledBack' || refusal.stored === refusal.approved) return refusal;
  const approved = refusal.stored === wanted ? refusal.approved : refusal.stored;
  return { kind: 'originChanged', approved, wanted };
}
