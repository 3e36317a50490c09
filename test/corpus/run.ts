/** `npm run corpus -- [word…] [--losses | --peers | --gateway URL --token TOKEN …]`: see README.md beside this file. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Explained, runMain } from '../../scripts/explained.ts';
import { parsePort } from '../../scripts/port.ts';
import type { Door } from './case-format.ts';
import { readCorpus, type CorpusFile } from './corpus-files.ts';
import { countLosses, lossLines } from './losses.ts';
import { isForGateways, playOther, startRealUpstream, type Addresses, type Result } from './other-gateway.ts';
import { peers, playPeer } from './peers/play-peer.ts';
import { startPlayer } from './player.ts';

const usage =
  'Usage: npm run corpus -- [WORD…] [--losses | --peers | --gateway URL --token TOKEN [--model NAME] [--anthropic-model NAME] [--upstream-port N]]';
const defaultUpstreamPort = 22_600;

interface OtherGateway {
  readonly addresses: Addresses;
  readonly upstreamPort: number;
}

await runMain(async () => {
  const { words, gateway, withPeers, withLosses } = readArguments();
  if (withLosses) {
    console.log(lossLines(await countLosses()).join('\n'));
    return;
  }
  const files = readCorpus(words);
  if (withPeers) await playBeside(files.filter(isForGateways));
  else {
    const results = gateway === undefined ? await playOwn(files) : await playAddress(files, gateway);
    fail(print(results));
  }
});

/** Callguard's gateway and its peers, all with the same cases. Only Callguard's result decides the exit code. */
async function playBeside(files: readonly CorpusFile[]): Promise<void> {
  const own = await playOwn(files, ['gateway']);
  fail(print(own, 'Callguard'));
  // Silences take real time, so the peers are played at once.
  for (const played of await Promise.all(peers.map((peer) => playPeer(peer, files)))) {
    const { name, results, missing } = played;
    if (results.length > 0) print(results, name);
    for (const what of missing) console.log(`${name}: ${what}`);
  }
}

/** Callguard's own doors. */
async function playOwn(files: readonly CorpusFile[], doors?: readonly Door[]): Promise<Result[]> {
  const player = await startPlayer();
  const results: Result[] = [];
  try {
    for (const { name, content } of files) {
      const found: string[] = [];
      for (const door of doors ?? content.doors) {
        found.push(...(await player.play(content, door)).map((line) => `${door}: ${line}`));
      }
      results.push({ name, found });
    }
  } finally {
    await player.close();
  }
  return results;
}

async function playAddress(
  files: readonly CorpusFile[],
  { addresses, upstreamPort }: OtherGateway,
): Promise<Result[]> {
  const upstream = await startRealUpstream(upstreamPort);
  try {
    return await playOther(files.filter(isForGateways), upstream, addresses);
  } finally {
    await upstream.close();
  }
}

/** Prints the cases that are not as expected, and the count. Gives how many they are. */
function print(results: readonly Result[], gateway?: string): number {
  const wrong = results.filter(({ found }) => found.length > 0);
  for (const { name, found } of wrong) console.log(`${name}\n${found.map((line) => `  ${line}`).join('\n')}`);
  const before = gateway === undefined ? '' : `${gateway}: `;
  console.log(`${before}${results.length} cases, ${results.length - wrong.length} as expected`);
  return wrong.length;
}

function fail(wrong: number): void {
  if (wrong > 0) process.exitCode = 1;
}

interface Wanted {
  readonly words: string[];
  readonly gateway?: OtherGateway;
  readonly withPeers: boolean;
  readonly withLosses: boolean;
}

function readArguments(): Wanted {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        losses: { type: 'boolean', default: false },
        peers: { type: 'boolean', default: false },
        gateway: { type: 'string' },
        token: { type: 'string', default: '' },
        model: { type: 'string', default: 'm' },
        'anthropic-model': { type: 'string' },
        'upstream-port': { type: 'string', default: String(defaultUpstreamPort) },
      },
    });
    const asked = { words: positionals, withPeers: values.peers, withLosses: values.losses };
    if (values.gateway === undefined) return asked;
    const address = { url: values.gateway.replace(/\/+$/, ''), token: values.token };
    const addresses = {
      'openai-chat': { ...address, model: values.model },
      'anthropic-messages': { ...address, model: values['anthropic-model'] ?? values.model },
    };
    return { ...asked, gateway: { addresses, upstreamPort: parsePort(values['upstream-port'], 1) } };
  } catch (failure) {
    if (failure instanceof TypeError) throw new Explained(`${failure.message}\n${usage}`, { cause: failure });
    throw failure;
  }
}
