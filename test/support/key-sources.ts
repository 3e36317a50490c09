import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Writes a SQLite file as a server keeps its providers in: a table with a row for each. */
export function writeServerDatabase(file: string, keys: Readonly<Record<string, string>>): void {
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE llm_provider_configs (id INTEGER PRIMARY KEY, provider TEXT, api_key TEXT)');
  const insert = db.prepare('INSERT INTO llm_provider_configs (provider, api_key) VALUES (?, ?)');
  for (const [provider, key] of Object.entries(keys)) insert.run(provider, key);
  db.close();
}

/** The files of a folder by name, with what is in them. */
export async function contentsOf(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).sort();
  const contents = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'base64')));
  return new Map(names.map((name, index) => [name, contents[index] ?? '']));
}
