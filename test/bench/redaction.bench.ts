import { createRedactor } from '../../src/redaction/redact.ts';
import { hostileTexts } from '../support/hostile-text.ts';
import type { Bench } from './bench.ts';

// The kernel counts CPU time in steps of 4 ms.
const logBytes = 2 ** 22;
const hostileBytes = 2 ** 20;
/** 100 MB/s. */
const logAtMostUs = Math.round(logBytes / 100);
const hostileAtMostUs = 50_000;

/** As our own log looks: mostly words and numbers, now and then an address, JSON, or a key. */
function logText(): string {
  const lines = [
    '2026-11-23 04:35:12.123 [info] openai/gpt-5 answered in 1,243 ms, 312 tokens in, 88 out, attempt 1 of 3',
    '2026-11-23 04:35:12.150 [warning] groq: HTTP 503 from https://api.groq.com/openai/v1/chat/completions, retried in 412 ms',
    '    at Wire.exchange (/home/user/.vscode/extensions/callguard/dist/extension.cjs:1234:56)',
    '2026-11-23 04:35:13.001 [error] {"error":{"message":"Rate limit reached for model","type":"tokens","code":"rate_limit"}}',
    '2026-11-23 04:35:14.500 [info] the circuit of mistral closed after a probe; 12 calls are under way, 3 of 100 requests a day used',
  ];
  const rare =
    '2026-11-23 04:35:15.000 [error] Incorrect API key provided: sk-proj-abcdefghijklmnop1234 (HTTP 401)';
  const block = `${[...lines, ...lines, ...lines, ...lines, rare].join('\n')}\n`;
  return block.repeat(Math.ceil(logBytes / block.length)).slice(0, logBytes);
}

/** With as many keys loaded as a user may have. */
function loadedRedactor() {
  const redactor = createRedactor();
  for (let n = 0; n < 10; n++) redactor.register(`sk-loaded-${n}-${'x1Y2z3'.repeat(6)}`);
  return redactor;
}

function redacting(text: string): Bench['prepare'] {
  return () => {
    const redactor = loadedRedactor();
    const once = () => Promise.resolve(redactor.redact(text));
    return Promise.resolve({ ours: { name: 'callguard', once }, peers: [] });
  };
}

export const benches: Bench[] = [
  {
    name: 'redaction, 4 MiB of log',
    unit: 'µs',
    measures: 'thread',
    goal: { atMost: logAtMostUs },
    opsPerRound: 1,
    prepare: redacting(logText()),
  },
  ...Object.entries(hostileTexts(hostileBytes)).map(([what, text]): Bench => ({
    name: `redaction, 1 MiB of ${what}`,
    unit: 'µs',
    measures: 'thread',
    goal: { atMost: hostileAtMostUs },
    opsPerRound: 1,
    prepare: redacting(text),
  })),
];
