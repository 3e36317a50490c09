import { createHash } from 'node:crypto';
import type { AnyPrompt } from '../../src/guard/call.ts';
import { createPromptCheck } from '../../src/providers/prompt-check/prompt-check.ts';
import { createRedactor } from '../../src/redaction/redact.ts';
import { callOf } from '../support/guard-fixture.ts';
import { hostileTexts } from '../support/hostile-text.ts';
import type { Bench } from './bench.ts';

const promptBytes = 100_000;
const atMostUs = 5_000;
const loadedSecrets = 100;
/** What half of the loaded secrets begin with, as the keys of one provider do. The others have nothing in common. */
const beginning = 'sk-proj-x1Y2z3x1Y2z3';

function secretOf(n: number): string {
  const digits = createHash('sha256').update(String(n)).digest('hex');
  return n % 2 === 0 ? beginning + digits : digits;
}

/** A question about code: messages, a file, a tool call and what came of it. */
function conversation(): AnyPrompt {
  const code = [
    'export async function openLedger(file: string): Promise<Ledger> {',
    '  const database = new DatabaseSync(file, { timeout: 2_000 });',
    "  const token = process.env['API_TOKEN'] ?? settings.get('api_key'); // sk-fading-circle",
    "  headers.set('Authorization', `Bearer ${token}`);",
    '  return database.prepare("SELECT day, sum(tokens) FROM usage WHERE provider = ? GROUP BY day");',
    '}',
  ].join('\n');
  const log =
    '2026-11-23T04:35:12.123Z INFO  [worker-3] GET https://api.acme.example/v1/items?page=2 200 in 41 ms\n';
  const half = (text: string) => text.repeat(Math.ceil(promptBytes / 2 / text.length));
  return {
    prompt: [
      { role: 'system', content: 'You are a helpful programmer.' },
      { role: 'user', content: [{ type: 'text', text: half(`${code}\n`) }] },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: '1',
            toolName: 'shell',
            output: { type: 'text', value: half(log) },
          },
        ],
      },
    ],
  };
}

function said(text: string): AnyPrompt {
  return { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] };
}

function checking(name: string, prompt: AnyPrompt): Bench {
  return {
    name: `outgoing prompt, 100 kB of ${name}`,
    unit: 'µs',
    goal: { atMost: atMostUs },
    opsPerRound: 1,
    prepare: () => {
      const redactor = createRedactor();
      for (let n = 0; n < loadedSecrets; n++) redactor.register(secretOf(n));
      const check = createPromptCheck({
        mode: () => 'redact',
        registered: redactor.registered,
        ask: () => Promise.resolve('redact'),
        onRedacted: () => undefined,
      });
      const call = callOf({ prompt });
      return Promise.resolve({ ours: { name: 'callguard', once: () => check(call) }, peers: [] });
    },
  };
}

export const benches: Bench[] = [
  checking('conversation', conversation()),
  checking('beginnings of loaded secrets', said(`${beginning} `.repeat(promptBytes / beginning.length))),
  ...Object.entries(hostileTexts(promptBytes)).map(([what, text]) => checking(what, said(text))),
];
