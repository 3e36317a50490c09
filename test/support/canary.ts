import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A key that has characters that JSON and URLs write in another way. */
export const canary = 'canary-key/5f1d+9b"7e\\end';

/** How a key may be written, in a file or in a text. */
export function writingsOf(key: string): string[] {
  return [
    key,
    JSON.stringify(key).slice(1, -1),
    encodeURIComponent(key),
    Buffer.from(key).toString('base64'),
    Buffer.from(key).toString('base64url'),
  ];
}

/** The files below a folder in which one of the texts stands. */
export async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => {
      const content = await readIfThere(file);
      return texts.some((text) => content.includes(text)) ? [file] : [];
    }),
  );
  return found.flat();
}

/** What is being written may have another name a moment later, as the new file in place of the old one. */
async function readIfThere(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return Buffer.alloc(0);
    throw failure;
  }
}
