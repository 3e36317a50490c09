import { redactSecret, type Redactor } from '../redaction/redact.ts';
import { sleep, type Clock } from '../shared/clock.ts';
import { vaultLimits } from '../shared/limits.ts';
import { err, ok, type Result } from '../shared/result.ts';
import {
  findKey,
  keysOf,
  refusesEveryCall,
  type KeyRing,
  type KeyRingProblem,
  type Ring,
  type SealingRing,
} from './key-ring.ts';
import { KnownKeys } from './known-keys.ts';
import { kidOfRow, openRow, sealRow, type SealedKey, type OpenedRow } from './row.ts';
import { ageOfRow, entryOf, removedEntryOf, removedName, type Listed } from './row-age.ts';
import { providerOfRow, rowName } from './row-name.ts';
import { StoreAnswers, type StoreAnswersPorts } from './secret-storage-deadline.ts';
import type { Manifest, ManifestEntry, SecretStore, VaultAudit } from './vault-ports.ts';
import type { VaultRefusal } from './vault-refusal.ts';

export interface VaultPorts {
  readonly store: SecretStore;
  readonly manifest: Manifest;
  readonly audit: VaultAudit;
  readonly ring: KeyRing;
  readonly redactor: Redactor;
  readonly clock: Clock;
}

/** How often a row that seems to be rolled back is read again: another window's change may be on its way here. */
const lookAgainMs = 250;

/**
 * Opens and seals the rows of SecretStorage. Takes no lock, because every writer already holds it. Registers every key
 * with the redactor.
 */
export class VaultRows {
  readonly #ports: VaultPorts;
  readonly #answers: StoreAnswers;
  readonly #knownKeys: KnownKeys;
  /** The last opened row of each provider. Its text shows whether the stored row is still the same. */
  readonly #opened = new Map<string, { readonly text: string; readonly row: OpenedRow }>();
  /** The generations that were found to be rolled back. */
  readonly #rolledBack = new Set<string>();

  constructor(ports: VaultPorts, events: Pick<StoreAnswersPorts, 'onSilence' | 'onLateAnswer'>) {
    this.#ports = ports;
    this.#answers = new StoreAnswers({ ...ports, ...events });
    this.#knownKeys = new KnownKeys(ports.redactor);
  }

  /** The ring. From then on the redactor knows its keys. */
  async ring(): Promise<Result<Ring, KeyRingProblem>> {
    const ring = await this.#ports.ring.load();
    if (ring.ok) this.#knownKeys.addMasterKeys(keysOf(ring.value));
    return ring;
  }

  /** The provider's key, unless its row is older than the manifest's. */
  async open(provider: string): Promise<Result<OpenedRow, VaultRefusal>> {
    const { clock } = this.#ports;
    const untilMs = clock.monotonicMs() + vaultLimits.staleRowMs;
    for (;;) {
      const opened = await this.openAnyAge(provider);
      if (!opened.ok) return opened;
      const { row, ring } = opened.value;
      const { generation } = row;
      const checked = await this.unlessRolledBack(row, ring);
      if (checked.ok || this.#rolledBack.has(generation)) return checked;
      if (clock.monotonicMs() >= untilMs) {
        this.#rolledBack.add(generation);
        return checked;
      }
      await sleep(clock, lookAgainMs);
    }
  }

  async unlessRolledBack(row: OpenedRow, ring: Ring): Promise<Result<OpenedRow, VaultRefusal>> {
    const listed = await this.#listed(row.provider);
    if (listed === undefined) return ok(row);
    const age = ageOfRow(row, listed, ring);
    if (age === 'current') return ok(row);
    const { kid, origin: stored } = row;
    const redactedKey = redactSecret(row.key.reveal());
    // The user is not asked to confirm the address of a forged entry.
    const approved = age === 'forged' ? stored : listed.entry.origin;
    return err({ kind: 'rolledBack', kid, redactedKey, stored, approved });
  }

  /** The provider's key, also an older one. The manifest distinguishes `notSet` from `lost`. */
  async openAnyAge(provider: string): Promise<Result<{ row: OpenedRow; ring: Ring }, VaultRefusal>> {
    // Read the row before the ring: a rotation writes the ring first, so this ring has the key of this row.
    const text = await this.read(rowName(provider));
    const ring = await this.ring();
    if (!ring.ok && refusesEveryCall(ring.error)) return ring;
    if (!text.ok) return text;
    if (text.value === undefined) return err({ kind: (await this.known(provider)) ? 'lost' : 'notSet' });
    if (!ring.ok) return ring;
    const row = this.openText(text.value, provider, ring.value);
    return row.ok ? ok({ row: row.value, ring: ring.value }) : row;
  }

  openText(text: string, provider: string, ring: Ring): Result<OpenedRow, VaultRefusal> {
    const known = this.#opened.get(provider);
    if (known?.text === text) return ok(known.row);
    const opened = openRow(text, provider, ring);
    if (opened.ok) {
      this.register(provider, opened.value.key.reveal());
      this.#opened.set(provider, { text, row: opened.value });
    }
    return opened;
  }

  /**
   * Seals the key, stores it, reads it back and compares; then updates the manifest. If the store did not keep the key,
   * restores the previous row.
   */
  async write(
    bound: SealedKey,
    ring: SealingRing,
    setAtMs?: number,
  ): Promise<Result<OpenedRow, VaultRefusal>> {
    this.register(bound.provider, bound.key.reveal());
    this.#knownKeys.addMasterKeys([ring.current]);
    const name = rowName(bound.provider);
    const text = await sealRow(bound, ring.current);
    const before = await this.read(name);
    if (!before.ok) return before;
    const kept = await this.#answers.put(name, text);
    if (kept.ok && kept.value) {
      const row = openRow(text, bound.provider, ring);
      if (row.ok) await this.updateManifest(row.value, ring, setAtMs);
      return row;
    }
    const restored = this.#putBack(name, before.value);
    // A store that does not answer gets to it after what it was asked before.
    if (!kept.ok && kept.error.kind === 'storeSilent') return kept;
    const back = await restored;
    if (!back.ok) return back;
    return kept.ok ? err({ kind: 'store', message: 'it did not store the key' }) : kept;
  }

  /** Updates the manifest if it differs from the stored row, or if its entry is of an earlier version. */
  async updateManifest(row: OpenedRow, ring: Ring, setAtMs?: number): Promise<void> {
    const under = findKey(ring, row.kid);
    // Retired since the row was opened, so the row will be locked.
    if (under === undefined) return;
    const { manifest, clock } = this.#ports;
    const listed = await this.#listed(row.provider);
    const before = listed?.isRemoved === false ? listed.entry : undefined;
    const entry = entryOf(row, setAtMs ?? before?.setAtMs ?? clock.nowMs(), under);
    if (before?.entryMac === entry.entryMac) return;
    await manifest.put(entry);
    if (listed?.isRemoved === true) await manifest.remove(removedName(row.provider));
  }

  /**
   * Updates the manifest first: after a crash in between, a removed key is not lost. The manifest keeps its entry under
   * another name, so that the row of a removed key does not open again.
   */
  async remove(provider: string): Promise<Result<undefined, VaultRefusal>> {
    const { manifest, clock } = this.#ports;
    this.forget(provider);
    const entry = await this.known(provider);
    if (entry !== undefined) {
      const ring = await this.ring();
      await manifest.put(removedEntryOf(entry, clock.nowMs(), ring.ok ? ring.value : undefined));
    }
    await manifest.remove(provider);
    const removed = await this.delete(rowName(provider));
    if (!removed.ok && entry !== undefined) {
      await manifest.put(entry);
      await manifest.remove(removedName(provider));
    }
    return removed;
  }

  async read(name: string): Promise<Result<string | undefined, VaultRefusal>> {
    return await this.#answers.read(name);
  }

  async delete(name: string): Promise<Result<undefined, VaultRefusal>> {
    return await this.#answers.delete(name);
  }

  async names(): Promise<Result<readonly string[], VaultRefusal>> {
    const listed = await this.#answers.names();
    if (listed !== undefined) return listed;
    // The manifest has every key that was stored and not removed. A lost one has no row.
    const names: string[] = [];
    for (const { provider } of await this.#ports.manifest.all()) {
      const text = await this.read(rowName(provider));
      if (!text.ok) return text;
      if (text.value !== undefined) names.push(rowName(provider));
    }
    return ok(names);
  }

  /** The providers with a row, sorted by id. */
  async providers(): Promise<Result<readonly string[], VaultRefusal>> {
    const names = await this.names();
    if (!names.ok) return names;
    return ok(names.value.flatMap((name) => providerOfRow(name) ?? []).sort());
  }

  /** The ids of the master keys under which rows are sealed. */
  async kids(): Promise<Result<ReadonlySet<string>, VaultRefusal>> {
    const providers = await this.providers();
    if (!providers.ok) return providers;
    const kids = new Set<string>();
    for (const provider of providers.value) {
      const text = await this.read(rowName(provider));
      if (!text.ok) return text;
      const kid = text.value === undefined ? undefined : kidOfRow(text.value);
      if (kid !== undefined) kids.add(kid);
    }
    return ok(kids);
  }

  /** The manifest's entry of the provider's key. */
  async known(provider: string): Promise<ManifestEntry | undefined> {
    return (await this.#ports.manifest.all()).find((entry) => entry.provider === provider);
  }

  async #listed(provider: string): Promise<Listed | undefined> {
    const all = await this.#ports.manifest.all();
    const entry = all.find((one) => one.provider === provider);
    if (entry !== undefined) return { entry, isRemoved: false };
    const removed = all.find((one) => one.provider === removedName(provider));
    return removed && { entry: removed, isRemoved: true };
  }

  /** Forgets the opened key of a changed row. */
  forget(provider: string): void {
    this.#opened.delete(provider);
  }

  register(provider: string, secret: string): void {
    this.#knownKeys.add(provider, secret);
  }

  async #putBack(name: string, text: string | undefined): Promise<Result<undefined, VaultRefusal>> {
    return text === undefined ? await this.delete(name) : await this.#answers.set(name, text);
  }
}
