/** `npm run corpus -- [word…] [--gateway URL --token TOKEN …]`: see README.md beside this file. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Explained, runMain } from '../../scripts/explained.ts';
import { parsePort } from '../../scripts/port.ts';
import { plain } from './answer-bytes.ts';
import { askGateway, hasProtocol, type GatewayAddress } from './ask-gateway.ts';
import type { CorpusCase } from './case-format.ts';
import { differences } from './compare.ts';
import { readCorpus, type CorpusFile } from './corpus-files.ts';
import { startPlayer } from './player.ts';
import { startUpstream } from './upstream.ts';

const usage =
  'Usage: npm run corpus -- [WORD…] [--gateway URL --token TOKEN [--model NAME] [--anthropic-model NAME] [--upstream-port N]]';
const defaultUpstreamPort = 22_600;

await runMain(async () => {
  const { words, gateway } = readArguments();
  const files = readCorpus(words);
  const wrong = gateway === undefined ? await playOwn(files) : await playOther(files, gateway);
  const count = gateway === undefined ? files.length : files.filter(isForGateways).length;
  console.log(`${count} cases, ${count - wrong} as expected`);
  if (wrong > 0) process.exitCode = 1;
});

/** How many cases are not as expected at Callguard's own doors. */
async function playOwn(files: readonly CorpusFile[]): Promise<number> {
  const player = await startPlayer();
  let wrong = 0;
  try {
    for (const { name, content } of files) {
      const found: string[] = [];
      for (const door of content.doors) {
        found.push(...(await player.play(content, door)).map((line) => `${door}: ${line}`));
      }
      wrong += report(name, found);
    }
  } finally {
    await player.close();
  }
  return wrong;
}

interface OtherGateway {
  readonly address: Omit<GatewayAddress, 'model'>;
  readonly models: Readonly<Partial<Record<CorpusCase['dialect'], string>>>;
  readonly upstreamPort: number;
}

/** The same for another gateway: only what its client gets is compared, in real time. */
async function playOther(files: readonly CorpusFile[], gateway: OtherGateway): Promise<number> {
  const { address, models, upstreamPort } = gateway;
  const upstream = await startUpstream(
    upstreamPort,
    (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  );
  let wrong = 0;
  try {
    for (const file of files.filter(isForGateways).sort((a, b) => stateLeft(a) - stateLeft(b))) {
      const { content, name } = file;
      upstream.play(content.answers, plain);
      const seen = await askGateway(content, { ...address, model: models[content.dialect] ?? 'm' });
      wrong += report(name, differences(forAnyGateway(content), seen, 'seen'));
    }
  } finally {
    await upstream.close();
  }
  return wrong;
}

/** A gateway may keep a pause, or stop calling a provider without credit: cases that lead to it come last. */
function stateLeft({ content }: CorpusFile): number {
  const { consequence } = content.expect.call ?? {};
  if (consequence === 'outOfCredit') return 2;
  return consequence === undefined || consequence === null ? 0 : 1;
}

function isForGateways({ content }: CorpusFile): boolean {
  return content.doors.includes('gateway') && hasProtocol(content);
}

/** What holds for every gateway. The code of an error is its own, and so are the bytes around the content. */
function forAnyGateway({ expect }: CorpusCase): object {
  const { sameBytes: _bytes, error, says: _says, ...seen } = { ...expect.seen, ...expect.atGateway };
  return error === null ? { ...seen, error } : seen;
}

function report(name: string, found: readonly string[]): number {
  if (found.length === 0) return 0;
  console.log(`${name}\n${found.map((line) => `  ${line}`).join('\n')}`);
  return 1;
}

function readArguments(): { words: string[]; gateway: OtherGateway | undefined } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        gateway: { type: 'string' },
        token: { type: 'string', default: '' },
        model: { type: 'string', default: 'm' },
        'anthropic-model': { type: 'string' },
        'upstream-port': { type: 'string', default: String(defaultUpstreamPort) },
      },
    });
    if (values.gateway === undefined) return { words: positionals, gateway: undefined };
    const address = { url: values.gateway.replace(/\/+$/, ''), token: values.token };
    const models = {
      'openai-chat': values.model,
      'anthropic-messages': values['anthropic-model'] ?? values.model,
    };
    const upstreamPort = parsePort(values['upstream-port'], 1);
    return { words: positionals, gateway: { address, models, upstreamPort } };
  } catch (failure) {
    if (failure instanceof TypeError) throw new Explained(`${failure.message}\n${usage}`, { cause: failure });
    throw failure;
  }
}
