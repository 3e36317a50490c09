import * as z from 'zod';
import { createFile, readIfThere, removeLeftovers, replaceFile } from './atomic-file.ts';

const ringSchema = z.strictObject({
  v: z.literal(1),
  current: z.string(),
  previous: z.array(z.string()),
  /** What verifies audit rows of master keys that are retired: their derived audit keys, in base64. They open nothing. */
  retired: z.array(z.strictObject({ kid: z.string(), auditKey: z.base64() })).default([]),
});

/** What the ring file holds; the keys as `MasterKey.reveal` writes them. */
export type RingContent = z.infer<typeof ringSchema>;

/** The file as it is, or undefined when there is none. Throws for one that cannot be read or is damaged. */
export async function readRingFile(file: string): Promise<RingContent | undefined> {
  const text = await readIfThere(file);
  return text === undefined ? undefined : ringSchema.parse(JSON.parse(text));
}

/** Makes the file if there is none; see `createFile`. */
export async function createRingFile(file: string, content: RingContent): Promise<boolean> {
  return await createFile(file, textOf(content));
}

/** Replaces the file in one step. What a killed window left behind goes: its master keys may be retired by now. */
export async function replaceRingFile(file: string, content: RingContent): Promise<void> {
  await removeLeftovers(file);
  await replaceFile(file, textOf(content));
}

function textOf(content: RingContent): string {
  return `${JSON.stringify(content)}\n`;
}
