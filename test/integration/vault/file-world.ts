import fs from 'node:fs/promises';
import path from 'node:path';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { KeyRing } from '../../../src/vault/key-ring.ts';
import type { Manifest, ManifestEntry, SecretStore } from '../../../src/vault/vault-ports.ts';
import { Vault } from '../../../src/vault/vault.ts';

export const providers = Array.from({ length: 10 }, (_, index) => `provider-${index}`);
export const origin = 'https://host.example';

export function keyOf(provider: string): string {
  return `sk-crash-canary-of-${provider}`;
}

/** Stores rows as files and replaces them atomically, as VS Code's state database does. */
export class FileStore implements SecretStore {
  readonly onDidChange = new Emitter<string>().event;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = path.join(folder, 'secrets');
  }

  async get(name: string): Promise<string | undefined> {
    return (await this.keys()).includes(name)
      ? await fs.readFile(path.join(this.#folder, name), 'utf8')
      : undefined;
  }

  async set(name: string, value: string): Promise<void> {
    await replaceFile(path.join(this.#folder, name), value);
  }

  async delete(name: string): Promise<void> {
    await fs.rm(path.join(this.#folder, name), { force: true });
  }

  async keys(): Promise<string[]> {
    return (await fs.readdir(this.#folder)).filter((name) => !name.endsWith('.tmp'));
  }
}

/** A vault with all its files in `folder`, for a single process. */
export async function openFileWorld(
  folder: string,
): Promise<{ store: FileStore; ring: KeyRing; vault: Vault }> {
  await fs.mkdir(path.join(folder, 'secrets'), { recursive: true });
  const store = new FileStore(folder);
  const ring = new KeyRing({
    file: path.join(folder, 'ring', 'ring.json'),
    env: {},
    requireEnvironmentKey: () => false,
  });
  const vault = new Vault({
    store,
    ring,
    manifest: fileManifest(path.join(folder, 'manifest.json')),
    audit: {
      write: (event) => fs.appendFile(path.join(folder, 'audit.jsonl'), `${JSON.stringify(event)}\n`),
    },
    lock: { hold: (work) => work() },
    redactor: createRedactor(),
    clock: systemClock,
  });
  return { store, ring, vault };
}

function fileManifest(file: string): Manifest {
  const all = async () => {
    const names = await fs.readdir(path.dirname(file));
    if (!names.includes(path.basename(file))) return [];
    return JSON.parse(await fs.readFile(file, 'utf8')) as ManifestEntry[];
  };
  const without = async (provider: string) => (await all()).filter((entry) => entry.provider !== provider);
  return {
    all,
    put: async (entry) => replaceFile(file, JSON.stringify([...(await without(entry.provider)), entry])),
    remove: async (provider) => replaceFile(file, JSON.stringify(await without(provider))),
  };
}

async function replaceFile(file: string, text: string): Promise<void> {
  await fs.writeFile(`${file}.tmp`, text);
  await fs.rename(`${file}.tmp`, file);
}
