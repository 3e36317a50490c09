import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { folderOfUser, readIfThere, removeLeftovers, replaceFile } from '../shared/atomic-file.ts';
import type { Manifest, ManifestEntry } from './vault-ports.ts';

/** The facts about a stored key, without the key. They are not trusted when they are read. */
export const manifestEntrySchema = z.object({
  provider: z.string(),
  kid: z.string(),
  origin: z.string(),
  redactedKey: z.string(),
  setAtMs: z.number(),
  generation: z.string().optional(),
  keyMac: z.string().optional(),
  entryMac: z.string().optional(),
}) satisfies z.ZodType<ManifestEntry>;

const copySchema = z.strictObject({ v: z.literal(1), entries: z.array(manifestEntrySchema) });

/**
 * A manifest with a copy in a file. An empty manifest, as after a damaged ledger was set aside, is filled from the
 * copy, so that a lost key can still be distinguished from one that was never set. The manifest counts: a problem with
 * the copy is reported to `onTrouble` and stops nothing.
 */
export class CopiedManifest implements Manifest {
  readonly #manifest: Manifest;
  readonly #file: string;
  readonly #onTrouble: (error: unknown) => void;
  #filled: Promise<void> | undefined;

  constructor(manifest: Manifest, file: string, onTrouble: (error: unknown) => void) {
    this.#manifest = manifest;
    this.#file = file;
    this.#onTrouble = onTrouble;
  }

  async all(): Promise<readonly ManifestEntry[]> {
    await this.#fill();
    return await this.#manifest.all();
  }

  async put(entry: ManifestEntry): Promise<void> {
    await this.#fill();
    await this.#manifest.put(entry);
    await this.#copy(await this.#manifest.all());
  }

  /** Removes from the copy first. After a crash in between, the key is still set, and the copy cannot bring it back. */
  async remove(provider: string): Promise<void> {
    await this.#fill();
    const entries = await this.#manifest.all();
    await this.#copy(entries.filter((entry) => entry.provider !== provider));
    await this.#manifest.remove(provider);
  }

  /** Runs once per window, because a ledger is set aside only when it is opened. Runs again if the ledger failed. */
  async #fill(): Promise<void> {
    this.#filled ??= this.#fillIfEmpty();
    try {
      await this.#filled;
    } catch (error) {
      this.#filled = undefined;
      throw error;
    }
  }

  async #fillIfEmpty(): Promise<void> {
    if ((await this.#manifest.all()).length > 0) return;
    for (const entry of await this.#readCopy()) await this.#manifest.put(entry);
  }

  async #readCopy(): Promise<readonly ManifestEntry[]> {
    try {
      const text = await readIfThere(this.#file);
      return text === undefined ? [] : copySchema.parse(JSON.parse(text)).entries;
    } catch (error) {
      this.#onTrouble(error);
      return [];
    }
  }

  async #copy(entries: readonly ManifestEntry[]): Promise<void> {
    try {
      await mkdir(path.dirname(this.#file), { recursive: true, mode: folderOfUser });
      await replaceFile(this.#file, `${JSON.stringify({ v: 1, entries })}\n`);
      await removeLeftovers(this.#file);
    } catch (error) {
      this.#onTrouble(error);
    }
  }
}
