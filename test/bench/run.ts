/** `npm run bench -- [name…] [--json FILE]`: measures all benches, or those whose names contain one of the words. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measure, type Bench, type ReadOff, type Row } from './bench.ts';
import { table } from './table.ts';

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });

async function allBenches(): Promise<(Bench | ReadOff)[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.bench.ts'));
  const modules = await Promise.all(
    files
      .sort()
      .map(
        (file) => import(path.join(import.meta.dirname, file)) as Promise<{ benches: (Bench | ReadOff)[] }>,
      ),
  );
  return modules.flatMap(({ benches }) => benches);
}

const rows: Row[] = [];
for (const bench of await allBenches()) {
  if (positionals.length > 0 && !positionals.some((word) => bench.name.includes(word))) continue;
  rows.push(...(await ('rows' in bench ? bench.rows() : measure(bench))));
}
console.log(rows.length === 0 ? `no bench is named ${positionals.join(' or ')}` : table(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
process.exitCode = rows.length === 0 ? 1 : 0;
