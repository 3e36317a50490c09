import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator as preset } from '@secretlint/secretlint-rule-preset-recommend';
import { root } from '../../scripts/paths.ts';
import { KnownSecrets } from '../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../src/redaction/prompt-scan.ts';
import { createRedactor } from '../../src/redaction/redact.ts';
import { lineContexts, strangeContexts } from '../support/secret-contexts.ts';
import { isLeftIn, samples, samplesIn, type Sample, type SecretGroup } from '../support/secret-corpus.ts';
import type { ReadOff, Row } from './bench.ts';

/** Another than that of the tests, so that its characters are new. */
const seed = 4_711;
const atLeastPercent: Readonly<Record<SecretGroup, number>> = {
  'model keys': 95,
  'private keys': 90,
  tokens: 90,
};
const mostFalseFinds = 3;
/** Bigger files are data. */
const longestFile = 20_000_000;
const mb = 1_000_000;

const redactor = createRedactor();
const known = new KnownSecrets();
const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: preset, options: {} }] };

type Range = readonly [start: number, end: number];

/** Where secretlint's preset finds secrets. */
async function peerFinds(text: string): Promise<Range[]> {
  const { messages } = await lintSource({
    source: { filePath: '/text.txt', content: text, ext: '.txt', contentType: 'text' },
    options: { config, noPhysicFilePath: true },
  });
  return messages.map(({ range }) => range);
}

function ourFinds(text: string): Range[] {
  return findSecrets(text, known).map(({ index, length }) => [index, index + length]);
}

function without(text: string, ranges: readonly Range[]): string {
  let left = '';
  let at = 0;
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    left += text.slice(at, Math.max(at, start));
    at = Math.max(at, end);
  }
  return left + text.slice(at);
}

/** In percent: of how many samples nothing is left of the secret. */
async function recall(
  some: readonly Sample[],
  clean: (text: string) => string | Promise<string>,
): Promise<number> {
  let found = 0;
  for (const sample of some) if (!isLeftIn(await clean(sample.text), sample)) found += 1;
  return (100 * found) / some.length;
}

async function recallRows(): Promise<Row[]> {
  const all = [...samples(seed, 1), ...samplesIn(strangeContexts, seed, 1, lineContexts)];
  const rows: Row[] = [];
  for (const [group, some] of Map.groupBy(all, (sample) => sample.group)) {
    const least = atLeastPercent[group];
    const theirs = await recall(some, async (text) => without(text, await peerFinds(text)));
    const ours = {
      'redaction in logs': await recall(some, (text) => redactor.redact(text)),
      'outgoing prompt': await recall(some, (text) => without(text, ourFinds(text))),
    };
    for (const [where, value] of Object.entries(ours)) {
      rows.push({
        name: `${where}, recall of ${some.length} ${group}`,
        unit: '%',
        value,
        goal: `≥ ${least} %`,
        met: value >= least,
        peers: { secretlint: theirs },
      });
    }
  }
  return rows;
}

/** Other people's texts: packages first, and then what the system has, as far as it is needed. */
const folders = [path.join(root, 'node_modules'), '/usr/share', '/usr/include', '/usr/lib'];
const mostChars = 450 * mb;
/** Looked at one by one: made for documentation and tests of keys, in the form of a real one. */
const samplesOfOthers = [
  /^AKIAIOSFODNN7EXAMPLE$/,
  // In the documentation of secretlint.
  /^A3-C4ZJMN-PQTZTL-HGL84-G64M7-KVZRN-4ZVP6$/,
  // From jwt.io in tests of zod, and from the manual of PyJWT.
  /^eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.eyJ(?:zdWIiOiIxMjM0NTY3ODkw|zb21lIjoicGF5bG9hZCJ9)/,
  // An example of libxmlsec1.
  /^-----BEGIN RSA PRIVATE KEY-----\nMIIBPAIBAAJBANPQbQ92nlbe/,
];

/** Each text once. */
function* sourceTexts(): Generator<string> {
  const seen = new Set<string>();
  let chars = 0;
  for (const folder of folders.filter((each) => existsSync(each))) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const text = entry.isFile() ? textOf(path.join(entry.parentPath, entry.name)) : undefined;
      if (text === undefined) continue;
      const mark = `${text.length} ${text.slice(0, 1_000)} ${text.slice(-1_000)}`;
      if (seen.has(mark)) continue;
      seen.add(mark);
      chars += text.length;
      if (chars > mostChars) return;
      yield text;
    }
  }
}

/** Undefined for what is long, binary, or not ours to read. */
function textOf(file: string): string | undefined {
  try {
    if (statSync(file).size > longestFile) return undefined;
    const bytes = readFileSync(file);
    return bytes.includes(0) || !isUtf8(bytes) ? undefined : bytes.toString();
  } catch {
    return undefined;
  }
}

async function falseFindRows(): Promise<Row[]> {
  const ours = new Set<string>();
  const theirs = new Set<string>();
  let chars = 0;
  let ourMs = 0;
  let theirMs = 0;
  for (const text of sourceTexts()) {
    chars += text.length;
    const startMs = performance.now();
    for (const [start, end] of ourFinds(text)) {
      const find = text.slice(start, end);
      if (!samplesOfOthers.some((sample) => sample.test(find))) ours.add(find);
    }
    const oursDoneMs = performance.now();
    for (const [start, end] of await peerFinds(text)) theirs.add(text.slice(start, end));
    ourMs += oursDoneMs - startMs;
    theirMs += performance.now() - oursDoneMs;
  }
  const size = Math.round(chars / mb);
  const perSecond = (ms: number) => chars / mb / (ms / 1_000);
  return [
    {
      name: `outgoing prompt, distinct finds in ${size} MB of packages and system files`,
      unit: 'finds',
      value: ours.size,
      goal: `≤ ${mostFalseFinds} finds`,
      met: ours.size <= mostFalseFinds,
      peers: { secretlint: theirs.size },
    },
    {
      name: `outgoing prompt, speed on ${size} MB of packages and system files`,
      unit: 'MB/s',
      value: perSecond(ourMs),
      goal: null,
      met: null,
      peers: { secretlint: perSecond(theirMs) },
    },
  ];
}

export const benches: ReadOff[] = [
  { name: 'redaction and outgoing prompt, recall', rows: recallRows },
  { name: 'redaction and outgoing prompt, false finds', rows: falseFindRows },
];
