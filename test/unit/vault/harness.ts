import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { systemClock, type Clock } from '../../../src/shared/clock.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import { KeyRing } from '../../../src/vault/key-ring.ts';
import type { ManifestEntry, SecretStore, VaultEvent, VaultLock } from '../../../src/vault/vault-ports.ts';
import { Vault } from '../../../src/vault/vault.ts';

/** SecretStorage of several windows: one set of rows, and an event in each window. */
class MemoryStore implements SecretStore {
  readonly rows = new Map<string, string>();
  readonly changed = new Emitter<string>();
  readonly onDidChange = this.changed.event;
  /** Every row written, in order. */
  readonly writes: string[] = [];
  /** Set to make every operation fail. */
  failure: Error | undefined;
  /** Set to make every operation wait for it. */
  waitFor: Promise<void> | undefined;
  /** Set to make the store keep something else. */
  garble: ((value: string) => string) | undefined;

  get(name: string): Promise<string | undefined> {
    return this.#done(() => this.rows.get(name));
  }

  set(name: string, value: string): Promise<void> {
    return this.#done(() => {
      this.rows.set(name, this.garble?.(value) ?? value);
      this.writes.push(name);
      this.changed.fire(name);
    });
  }

  delete(name: string): Promise<void> {
    return this.#done(() => {
      this.rows.delete(name);
      this.changed.fire(name);
    });
  }

  /** Set to undefined for an editor that cannot list its secrets. */
  keys: () => Promise<string[] | undefined> = () => this.#done(() => [...this.rows.keys()]);

  async #done<T>(work: () => T): Promise<T> {
    if (this.waitFor !== undefined) await this.waitFor;
    if (this.failure !== undefined) throw this.failure;
    return work();
  }
}

export function memoryManifest() {
  const entries = new Map<string, ManifestEntry>();
  return {
    entries,
    put: (entry: ManifestEntry) => Promise.resolve(void entries.set(entry.provider, entry)),
    remove: (provider: string) => Promise.resolve(void entries.delete(provider)),
    all: () => Promise.resolve([...entries.values()]),
  };
}

/** A lock like the ledger's, which is not reentrant. */
function memoryLock(): VaultLock {
  let last: Promise<unknown> = Promise.resolve();
  return {
    hold: (work) => {
      const mine = last.then(work);
      last = mine.catch((error: unknown) => error);
      return mine;
    },
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The state that all windows share. `window()` adds a window, and `remove()` deletes the folder. */
export async function createWorld() {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-vault-'));
  const file = path.join(folder, 'ring', 'ring.json');
  const store = new MemoryStore();
  const manifest = memoryManifest();
  const lock = memoryLock();
  const events: VaultEvent[] = [];
  /** Set to make the audit fail, as with a locked ledger. */
  const audited: { failure: Error | undefined } = { failure: undefined };
  const time = { nowMs: 1_000 };
  const clock: Clock = { ...systemClock, nowMs: () => time.nowMs };
  return {
    folder,
    file,
    store,
    manifest,
    events,
    audited,
    time,
    window: (env: Record<string, string> = {}) => {
      const redactor = createRedactor();
      const ring = new KeyRing({ file, env, requireEnvironmentKey: () => false });
      const audit = {
        write: (event: VaultEvent) =>
          audited.failure === undefined
            ? Promise.resolve(void events.push(event))
            : Promise.reject(audited.failure),
      };
      const vault = new Vault({ store, manifest, lock, audit, ring, redactor, clock });
      return { vault, ring, redactor };
    },
    remove: () => fs.rm(folder, { recursive: true, force: true }),
  };
}
