import { redactSecret, type Redactor } from '../redaction/redact.ts';
import type { Clock } from '../shared/clock.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { refusesEveryCall, type KeyRing, type Ring, type SealingRing } from './key-ring.ts';
import type { Manifest, ManifestEntry, SecretStore, VaultAudit } from './vault-ports.ts';
import type { VaultRefusal } from './vault-refusal.ts';
import { kidOfRow, openRow, providerOfRow, rowName, sealRow, type SealedKey, type OpenedRow } from './row.ts';

export interface VaultPorts {
  readonly store: SecretStore;
  readonly manifest: Manifest;
  readonly audit: VaultAudit;
  readonly ring: KeyRing;
  readonly redactor: Redactor;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/**
 * Opens and seals the rows of SecretStorage. Takes no lock, because every writer already holds it. Registers every key
 * with the redactor for the lifetime of the window.
 */
export class VaultRows {
  readonly #ports: VaultPorts;
  /** The last opened row of each provider. Its text shows whether the stored row is still the same. */
  readonly #opened = new Map<string, { readonly text: string; readonly row: OpenedRow }>();
  readonly #registered = new Set<string>();

  constructor(ports: VaultPorts) {
    this.#ports = ports;
  }

  /** The ring and the provider's opened row. The manifest distinguishes `notSet` from `lost`. */
  async open(provider: string): Promise<Result<OpenedRow, VaultRefusal>> {
    // Read the row before the ring: a rotation writes the ring first, so this ring has the key of this row.
    const text = await this.read(rowName(provider));
    const ring = await this.#ports.ring.load();
    if (!ring.ok && refusesEveryCall(ring.error)) return ring;
    if (!text.ok) return text;
    if (text.value === undefined) return err({ kind: (await this.known(provider)) ? 'lost' : 'notSet' });
    return ring.ok ? this.openText(text.value, provider, ring.value) : ring;
  }

  openText(text: string, provider: string, ring: Ring): Result<OpenedRow, VaultRefusal> {
    const known = this.#opened.get(provider);
    if (known?.text === text) return ok(known.row);
    const opened = openRow(text, provider, ring);
    if (opened.ok) {
      this.register(opened.value.key.reveal());
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
    this.register(bound.key.reveal());
    const name = rowName(bound.provider);
    const text = await sealRow(bound, ring.current);
    const before = await this.read(name);
    if (!before.ok) return before;
    const kept = await this.#tried(async () => {
      await this.#ports.store.set(name, text);
      return (await this.#ports.store.get(name)) === text;
    });
    if (!kept.ok || !kept.value) {
      const back = await this.#putBack(name, before.value);
      if (!back.ok) return back;
      return kept.ok ? err({ kind: 'store', message: 'it did not store the key' }) : kept;
    }
    const row = { ...bound, kid: ring.current.kid };
    await this.updateManifest(row, setAtMs);
    return ok(row);
  }

  /** Updates the manifest if it differs from the stored row. */
  async updateManifest(row: OpenedRow, setAtMs?: number): Promise<void> {
    const { provider, kid, origin } = row;
    const entry = await this.known(provider);
    const redactedKey = redactSecret(row.key.reveal());
    if (
      entry?.kid === kid &&
      entry.origin === origin &&
      entry.redactedKey === redactedKey &&
      setAtMs === undefined
    ) {
      return;
    }
    const since = setAtMs ?? entry?.setAtMs ?? this.#ports.clock.nowMs();
    await this.#ports.manifest.put({ provider, kid, origin, redactedKey, setAtMs: since });
  }

  /** Updates the manifest first: after a crash in between, a removed key is still set rather than lost. */
  async remove(provider: string): Promise<Result<undefined, VaultRefusal>> {
    this.forget(provider);
    await this.#ports.manifest.remove(provider);
    return await this.delete(rowName(provider));
  }

  async read(name: string): Promise<Result<string | undefined, VaultRefusal>> {
    return await this.#tried(() => this.#ports.store.get(name));
  }

  async delete(name: string): Promise<Result<undefined, VaultRefusal>> {
    return await this.#tried(async () => {
      await this.#ports.store.delete(name);
      return undefined;
    });
  }

  async names(): Promise<Result<readonly string[], VaultRefusal>> {
    const { store, manifest } = this.#ports;
    const list = store.keys?.bind(store);
    if (list !== undefined) return await this.#tried(list);
    // The manifest has every key that was stored and not removed. A lost one has no row.
    const names: string[] = [];
    for (const { provider } of await manifest.all()) {
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

  /** Forgets the opened key of a changed row. */
  forget(provider: string): void {
    this.#opened.delete(provider);
  }

  register(secret: string): void {
    if (this.#registered.has(secret)) return;
    this.#registered.add(secret);
    this.#ports.redactor.register(secret);
  }

  async #putBack(name: string, text: string | undefined): Promise<Result<undefined, VaultRefusal>> {
    if (text === undefined) return await this.delete(name);
    return await this.#tried(async () => {
      await this.#ports.store.set(name, text);
      return undefined;
    });
  }

  async #tried<T>(work: () => PromiseLike<T>): Promise<Result<T, VaultRefusal>> {
    try {
      return ok(await work());
    } catch (error) {
      return err({ kind: 'store', message: this.#ports.redactor.redactError(error).split('\n', 1).join('') });
    }
  }
}
