import path from 'node:path';
import { fetchPeer } from '../../bench/peers.ts';
import { freePort } from '../../support/free-port.ts';
import { startProgram, type Peer } from './peer.ts';

const preload = path.join(import.meta.dirname, '../../bench/gateway/portkey-preload.ts');

/** Portkey's gateway has no file of settings: each request names its provider in headers. */
export const portkey: Peer = {
  name: 'Portkey',
  start: async (upstream) => {
    const folder = await fetchPeer('@portkey-ai/gateway');
    const port = await freePort();
    const args = ['--import', preload, 'build/start-server.js', `--port=${port}`, '--headless'];
    const stop = await startProgram({ args, cwd: folder, port });
    const to = (provider: string) => ({
      url: `http://127.0.0.1:${port}`,
      token: 'sk-corpus',
      model: 'm',
      headers: { 'x-portkey-provider': provider, 'x-portkey-custom-host': `${upstream}/v1` },
    });
    return { addresses: { 'openai-chat': to('openai'), 'anthropic-messages': to('anthropic') }, stop };
  },
};
