import { globSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

// The properties of `npm test`, each for a minute instead of a fixed number of runs.
process.env['FUZZ_SECONDS'] ??= '60';

const folder = path.join(import.meta.dirname, '../integration/fuzz');
for (const file of globSync('*.test.ts', { cwd: folder }).sort()) await import(path.join(folder, file));
