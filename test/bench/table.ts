import type { Row } from './bench.ts';

const headings = ['name', 'ours', 'peer', 'ratio', 'goal', 'met'];

/** One line for each peer of a row, in columns. */
export function table(rows: readonly Row[]): string {
  const lines = [headings, ...rows.flatMap(linesOf)];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

function linesOf({ name, unit, value, goal, met, peers }: Row): string[][] {
  const ours = [name, `${round(value)} ${unit}`];
  const judged = [goal ?? '', met === null ? '' : met ? 'yes' : 'NO'];
  const [first, ...others] = Object.entries(peers).map(([peer, theirs]) => [
    `${peer} ${round(theirs)}`,
    `${(value / theirs).toFixed(2)} ×`,
  ]);
  return [[...ours, ...(first ?? ['', '']), ...judged], ...others.map((peer) => ['', '', ...peer, '', ''])];
}

function round(value: number): string {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
}
