import type { Progress } from '../../src/guard/deadlines.ts';
import type { Attempt, AttemptReport, Credentials, SentPart } from '../../src/guard/sender-port.ts';
import type { EditorModels } from '../../src/providers/config/editor-models.ts';
import { createSandbox, type Sandbox } from '../../src/providers/sandbox/sandbox.ts';
import { createSender } from '../../src/providers/transport/sender.ts';
import { parseProvider, type ProviderConfig } from '../../src/providers/config/provider-config.ts';
import type { ListingOptions } from '../../src/providers/config/list-models.ts';
import type { ProviderEntry } from '../../src/providers/config/provider-entry.ts';
import type { ProviderTarget } from '../../src/providers/rules/resolver.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { english } from '../../src/shared/l10n.ts';
import { ok } from '../../src/shared/result.ts';
import { Secret } from '../../src/shared/secret.ts';
import { resolvedTarget } from './guard-fixture.ts';
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

/** Options of a sender, and the provider that it is tried with. */
export interface SenderTrial extends ListingOptions {
  readonly config: ProviderConfig;
}

export function senderOptions(config: ProviderConfig, sandbox: Sandbox = createSandbox()): SenderTrial {
  return {
    config,
    sandbox,
    editorModels: noEditorModels,
    strictTls: () => true,
    sanitize: (text) => text,
    isOnline: () => Promise.resolve(true),
    clock: systemClock,
    onLongPause: () => undefined,
    onForeignReasoning: () => undefined,
    facts: { learn: () => undefined },
    onLosses: () => undefined,
  };
}

export interface Sent {
  readonly parts: readonly SentPart[];
  readonly report: AttemptReport;
  /** Without repeats of `bytes`. */
  readonly progress: readonly Progress[];
}

export const hello = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }] } as const;

/** The test key, bound to the provider's own origin. */
export function credentialsFor({ origin }: ProviderConfig): Credentials {
  return { key: origin === undefined ? undefined : { secret: new Secret(testKey), origin }, headers: {} };
}

interface AttemptChanges extends Partial<Omit<Attempt<ProviderTarget>, 'prompt' | 'resolved'>> {
  readonly prompt?: unknown;
  readonly model?: string;
}

/** One attempt, read to its end. */
export async function attempt(
  options: SenderTrial,
  { model = 'm', ...over }: AttemptChanges = {},
): Promise<Sent> {
  const progress: Progress[] = [];
  const sent = createSender(options).send({
    resolved: resolvedTarget({ provider: options.config.id, model }, {}, options.config),
    credentials: credentialsFor(options.config),
    idempotent: true,
    signal: new AbortController().signal,
    ...over,
    prompt: (over.prompt ?? structuredClone(hello)) as Attempt<ProviderTarget>['prompt'],
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
