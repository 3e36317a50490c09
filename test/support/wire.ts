import { once } from 'node:events';
import http from 'node:http';
import type { Progress } from '../../src/guard/deadlines.ts';
import type { Access } from '../../src/providers/transport/provider-access.ts';
import type { AttemptReport } from '../../src/guard/sender-port.ts';
import { createWire, type WireOptions } from '../../src/providers/transport/wire.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { Secret } from '../../src/shared/secret.ts';

export interface Trial {
  readonly report: AttemptReport;
  /** What the reader of the body got; undefined if `fetch` rejected. */
  readonly text: string | undefined;
  /** Without repeats of `bytes`. */
  readonly progress: readonly Progress[];
}

export const testKey = 'sk-test-0123456789abcdef';

/** What an OpenAI-compatible provider's request needs; the key is bound to the origin of `url`. */
export function accessWith(secret: Secret, url: string): Access {
  return { ...noKey, key: { secret, origin: new URL(url).origin } };
}

export const noKey: Access = {
  key: undefined,
  keyHeader: { name: 'authorization', prefix: 'Bearer ' },
  headers: {},
  query: {},
  strictTls: true,
};

/** Options of a wire under test: everything but what the test is about. */
export function wireOptions(over: Partial<WireOptions> = {}): WireOptions {
  return {
    dialect: 'openai-chat',
    wants: 'stream',
    access: noKey,
    idempotent: true,
    signal: new AbortController().signal,
    progress: () => undefined,
    sanitize: (text) => text,
    isOnline: () => Promise.resolve(true),
    clock: systemClock,
    ...over,
  };
}

/** One exchange on a wire, read to its end. */
export async function tryWire(
  url: string,
  over: Partial<WireOptions> = {},
  init: RequestInit = { method: 'POST', body: '{"stream":true}' },
): Promise<Trial> {
  const progress: Progress[] = [];
  const note = (reached: Progress) => {
    if (reached !== 'bytes' || progress.at(-1) !== 'bytes') progress.push(reached);
    over.progress?.(reached);
  };
  const wire = createWire(
    wireOptions({ access: accessWith(new Secret(testKey), url), ...over, progress: note }),
  );
  let text: string | undefined;
  try {
    const response = await wire.fetch(url, init);
    text = await response.text();
  } catch (error) {
    if (!(error instanceof Error) || !['WireError', 'AbortError'].includes(error.name)) throw error;
  }
  return { report: await wire.ended(), text, progress };
}

/** A good exchange, until its socket is back with the agent. */
export async function leaveKeptSocket(url: string, agent: http.Agent = http.globalAgent): Promise<void> {
  const freed = once(agent, 'free');
  await tryWire(url);
  await freed;
}
