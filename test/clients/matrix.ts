import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { root } from '../../scripts/paths.ts';
import { caseNames, type CaseName, type CaseResult } from './cases.ts';
import { measuredFile, parseMeasured, refusalKinds } from './refusals.ts';
import { tools } from './tools.ts';

const resultSchema = z.strictObject({
  verdict: z.enum(['ok', 'failed', 'waits', 'no images']),
  showed: z.string(),
  seconds: z.number().nullable(),
  requests: z.int(),
  upstreamRequests: z.int(),
}) satisfies z.ZodType<CaseResult>;

const rowSchema = z.strictObject({
  label: z.string(),
  version: z.string(),
  /** Why it could not be installed. */
  problem: z.string().optional(),
  /** By the dialect of the provider. */
  dialects: z.record(z.string(), z.partialRecord(z.enum(caseNames), resultSchema)),
});
export type MatrixRow = z.infer<typeof rowSchema>;

const matrixSchema = z.record(z.string(), rowSchema);
export const matrixFile = path.join(import.meta.dirname, 'matrix.json');
const page = path.join(root, 'docs', 'tools.md');

/** Keeps a tool's row, and writes the tables of docs/tools.md from all rows. */
export async function keepRow(id: string, row: MatrixRow): Promise<void> {
  const rows = { ...readMatrix(), [id]: row };
  writeFileSync(matrixFile, await pretty(JSON.stringify(rows), matrixFile));
  await writeTables();
}

export function readMatrix(): Readonly<Record<string, MatrixRow>> {
  return matrixSchema.parse(JSON.parse(readFileSync(matrixFile, 'utf8')));
}

async function writeTables(): Promise<void> {
  writeFileSync(page, await withTables(readFileSync(page, 'utf8')));
}

/** The page with its tables as the data says. */
export async function withTables(text: string): Promise<string> {
  return await pretty(between(between(text, 'matrix', matrixTable()), 'measured', measuredTable()), page);
}

function between(text: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name}: written by the proof -->`, `<!-- end of ${name} -->`];
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/tools.md has no place for ${name}`);
  return `${before}${start}\n\n${table}\n\n${end}${after}`;
}

const dialectNames: Readonly<Record<string, string>> = {
  chat: 'chat completions',
  responses: 'responses',
  messages: 'messages',
  gemini: 'Gemini',
};

function matrixTable(): string {
  const rows = Object.values(readMatrix()).flatMap(({ label, version, problem, dialects }) => {
    if (problem !== undefined) return [[label, version, 'not installed', ...caseNames.map(() => '')]];
    return Object.entries(dialects).map(([dialect, cases]) => [
      ...[label, version, dialectNames[dialect] ?? dialect],
      ...caseNames.map((name) => cellOf(name, cases[name])),
    ]);
  });
  const heads = [
    'Tool',
    'Version',
    'Provider speaks',
    'Plain',
    'Tool call',
    'Image',
    'Cap',
    'Circuit',
    'HTTP 429',
  ];
  return tableOf(heads, rows);
}

function cellOf(name: CaseName, result: CaseResult | undefined): string {
  if (result === undefined) return '';
  const { verdict, seconds, requests, upstreamRequests } = result;
  if (verdict === 'no images') return verdict;
  const time = seconds === null ? 'no words' : `${seconds} s`;
  const counts = name === '429' ? `${requests} → ${upstreamRequests}` : String(requests);
  return `${verdict} (${time}, ${counts})`;
}

function measuredTable(): string {
  const names = Object.keys(refusalKinds);
  const rows = Object.entries(parseMeasured(readFileSync(measuredFile, 'utf8'))).map(
    ([id, { version, answers }]) => [
      ...[tools.find((tool) => tool.id === id)?.label ?? id, version],
      ...names.map((name) => {
        const answer = answers[name];
        if (answer === undefined) return '';
        const { shownSeconds, ended, requests } = answer;
        if (shownSeconds !== null) return `${shownSeconds} s, ${requests}`;
        return ended ? `hidden, ${requests}` : `silent, ${requests}`;
      }),
    ],
  );
  return tableOf(['Tool', 'Version', ...names], rows);
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

async function pretty(text: string, file: string): Promise<string> {
  return await format(text, { ...(await resolveConfig(file)), filepath: file });
}
