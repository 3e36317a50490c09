import { describeFailure } from '../../../scripts/explained.ts';
import type { CorpusFile } from '../corpus-files.ts';
import { playOther, startRealUpstream, type Result } from '../other-gateway.ts';
import { claudeCodeRouter } from './claude-code-router.ts';
import type { Peer } from './peer.ts';
import { portkey } from './portkey.ts';

export const peers: readonly Peer[] = [portkey, claudeCodeRouter];

export interface Played {
  readonly name: string;
  readonly results: readonly Result[];
  /** What could not be played, and why. */
  readonly missing: readonly string[];
}

/** Plays the cases through a peer. One that cannot be installed or started fails nothing. */
export async function playPeer(peer: Peer, files: readonly CorpusFile[]): Promise<Played> {
  const { name } = peer;
  const upstream = await startRealUpstream(0);
  try {
    let running = await peer.start(upstream.origin);
    const restart = async () => {
      await running.stop();
      running = await peer.start(upstream.origin);
      return running.addresses;
    };
    try {
      const results = await playOther(files, upstream, running.addresses, restart);
      const protocols = new Set(files.map(({ content }) => content.dialect));
      const cannot = [...protocols].filter((protocol) => running.addresses[protocol] === undefined);
      return { name, results, missing: cannot.map((protocol) => `cannot do ${protocol}`) };
    } finally {
      await running.stop();
    }
  } catch (failure) {
    return { name, results: [], missing: [`cannot be played. ${describeFailure(failure)}`] };
  } finally {
    await upstream.close();
  }
}
