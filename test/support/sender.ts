import type { Progress } from '../../src/guard/deadlines.ts';
import type { Attempt, AttemptReport, SentPart } from '../../src/guard/sender-port.ts';
import type { EditorModels } from '../../src/providers/config/editor-models.ts';
import { createHeaderOpener } from '../../src/providers/transport/key-opener.ts';
import { createSandbox, type Sandbox } from '../../src/providers/sandbox/sandbox.ts';
import { createSender, type SenderOptions } from '../../src/providers/transport/sender.ts';
import {
  parseProvider,
  type ProviderConfig,
  type ProviderEntry,
} from '../../src/providers/config/provider-config.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { english } from '../../src/shared/l10n.ts';
import { ok } from '../../src/shared/result.ts';
import { Secret } from '../../src/shared/secret.ts';
import { testKey } from './wire.ts';

/** A provider as its settings would give it. */
export function provider(entry: ProviderEntry, id = 'acme'): ProviderConfig {
  const config = parseProvider(id, entry);
  if ('problems' in config) throw new Error(config.problems.map((problem) => problem(english)).join('; '));
  return config;
}

export const compatible = (baseUrl: string) => provider({ kind: 'openai-compatible', baseUrl });

const noEditorModels: EditorModels = {
  list: () => Promise.resolve(ok([])),
  send: () => {
    throw new Error('no model of the editor is part of this test');
  },
};

/** Options of a sender that knows this one provider. */
export function senderOptions(config: ProviderConfig, sandbox: Sandbox = createSandbox()): SenderOptions {
  return {
    configOf: (id) => (id === config.id ? config : undefined),
    sandbox,
    editorModels: noEditorModels,
    strictTls: () => true,
    openHeaders: createHeaderOpener({ open: () => Promise.resolve(ok(undefined)) }),
    sanitize: (text) => text,
    isOnline: () => Promise.resolve(true),
    clock: systemClock,
  };
}

export interface Sent {
  readonly parts: readonly SentPart[];
  readonly report: AttemptReport;
  /** Without repeats of `bytes`. */
  readonly progress: readonly Progress[];
}

export const hello = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }] } as const;

/** One attempt, read to its end. */
export async function attempt(
  options: SenderOptions,
  over: Partial<Omit<Attempt, 'prompt'>> & { readonly prompt?: unknown } = {},
): Promise<Sent> {
  const progress: Progress[] = [];
  const sent = createSender(options).send({
    target: { provider: 'acme', model: 'm' },
    key: new Secret(testKey),
    idempotent: true,
    signal: new AbortController().signal,
    ...over,
    prompt: (over.prompt ?? structuredClone(hello)) as Attempt['prompt'],
    progress: (reached) => {
      if (reached !== 'bytes' || progress.at(-1) !== 'bytes') progress.push(reached);
      over.progress?.(reached);
    },
  });
  const parts: SentPart[] = [];
  for (;;) {
    const next = await sent.next();
    if (next.done === true) return { parts, report: next.value, progress };
    parts.push(next.value);
  }
}

export function textOf(parts: readonly SentPart[]): string {
  return parts.map(({ part }) => (part.type === 'text-delta' ? part.delta : '')).join('');
}
