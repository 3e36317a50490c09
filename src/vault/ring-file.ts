import * as z from 'zod';
import { createFile, removeLeftovers, replaceFile } from '../shared/atomic-file.ts';
import { vaultLimits } from '../shared/limits/storage-limits.ts';

const ringSchema = z.strictObject({
  v: z.literal(1),
  current: z.string(),
  previous: z.array(z.string()),
  /** The derived audit keys of retired master keys, in base64. They verify audit rows and open nothing. */
  retired: z.array(z.strictObject({ kid: z.string(), auditKey: z.base64() })).default([]),
});

/** The content of the ring file, with the keys as `MasterKey.reveal` writes them. */
export type RingContent = z.infer<typeof ringSchema>;

/**
 * The file's content, or undefined if there is no file. Throws if it cannot be read or is damaged, and an ExposedError
 * if other users may have changed it.
 */
export async function readRingFile(file: string): Promise<RingContent | undefined> {
  const { readPrivateFile } = await import('./private-file.ts');
  const text = await readPrivateFile(file, vaultLimits.ringFileBytes);
  return text === undefined ? undefined : ringSchema.parse(JSON.parse(text));
}

/** Creates the file if there is none; see `createFile`. */
export async function createRingFile(file: string, content: RingContent): Promise<boolean> {
  return await createFile(file, textOf(content));
}

/** Replaces the file atomically. Deletes copies of crashed windows, whose master keys may be retired by now. */
export async function replaceRingFile(file: string, content: RingContent): Promise<void> {
  await removeLeftovers(file);
  await replaceFile(file, textOf(content));
}

function textOf(content: RingContent): string {
  return `${JSON.stringify(content)}\n`;
}
