import { Gateway, defaultGatewayOptions } from '../../src/gateway/gateway.ts';
import { TokenBook } from '../../src/gateway/tokens/tokens.ts';
import { describeFailure } from '../../src/guard/describe-failure.ts';
import { createGuard } from '../../src/guard/guard.ts';
import { parseProviders } from '../../src/providers/config/provider-config.ts';
import { createResolver, type ProviderTarget } from '../../src/providers/rules/resolver.ts';
import { createSender } from '../../src/providers/transport/sender.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { ok } from '../../src/shared/result.ts';
import { noManagement, MemoryTokens } from '../support/gateway.ts';
import { callOf, hear, noCredentials, type Heard } from '../support/guard-fixture.ts';
import type { Ledger } from '../../src/guard/ledger-port.ts';
import { hello, senderOptions } from '../support/sender.ts';
import { askGateway } from './ask-gateway.ts';
import type { CorpusCase, Door, Seen } from './case-format.ts';
import { parsedArguments } from './read-client.ts';

const provider = 'corpus';
const model = 'm';
const kinds: Readonly<Record<CorpusCase['dialect'], string>> = {
  'openai-chat': 'openai-compatible',
  'openai-responses': 'openai-compatible',
  'anthropic-messages': 'anthropic-compatible',
  'google-generative': 'google',
};

/** Callguard's guard and gateway in front of the upstream, with everything real but the disk. */
export interface OwnWorld {
  /** Sends what the case says through this door. */
  ask(door: Door): Promise<Seen>;
}

export function createOwnWorld(wanted: CorpusCase, upstream: string, clock: Clock, ledger: Ledger): OwnWorld {
  const { settings, config } = settingsOf(wanted, upstream);
  const noFacts = () => undefined;
  const resolver = createResolver(
    () => settings,
    () => noFacts,
  );
  const guard = createGuard<ProviderTarget>({
    resolve: (target, call) => {
      const resolved = resolver.resolve(target, call);
      if (!resolved.ok) return resolved;
      return ok({ ...resolved.value, retry: { ...resolved.value.retry, baseMs: 1, capMs: 1 } });
    },
    recheck: resolver.recheck,
    checkPrompt: (call) => Promise.resolve(ok(call.prompt)),
    ledger,
    openKey: () => Promise.resolve(ok(noCredentials)),
    sender: createSender({ ...senderOptions(config), clock }),
    clock,
    random: { next: () => 0 },
    onLedgerTrouble: (error) => {
      throw error;
    },
  });
  const askPrompt = async () => {
    const prompt = { ...structuredClone(hello), ...wanted.prompt };
    return seenOf(await hear(guard.run(callOf({ targets: [{ provider, model }], prompt: prompt as never }))));
  };
  const throughGateway = async () => {
    const tokens = new TokenBook(new MemoryTokens(), clock);
    const troubles: unknown[] = [];
    const gateway = new Gateway(
      {
        guard,
        settings: () => settings,
        tokens,
        management: noManagement,
        clock,
        onRunaway: () => undefined,
        onTrouble: (error) => troubles.push(error),
      },
      { ...defaultGatewayOptions, port: 0 },
    );
    const started = await gateway.start();
    if (!started.ok) throw new Error('the gateway did not start');
    try {
      const { token } = await tokens.issue({ kind: 'calls', tenant: 'default' });
      const url = `http://127.0.0.1:${started.value.port}`;
      const seen = await askGateway(wanted, { url, token, model: `${provider}/${model}` });
      if (troubles.length > 0) throw new AggregateError(troubles, 'the gateway itself failed');
      return seen;
    } finally {
      await gateway.stop();
    }
  };
  return { ask: (door) => (door === 'gateway' ? throughGateway() : askPrompt()) };
}

const parsed = new WeakMap<CorpusCase, Map<string, ReturnType<typeof parseSettings>>>();

/** The settings of the case, which are parsed once for each upstream. */
function settingsOf(wanted: CorpusCase, upstream: string): ReturnType<typeof parseSettings> {
  const known = parsed.get(wanted) ?? new Map<string, ReturnType<typeof parseSettings>>();
  parsed.set(wanted, known);
  const settings = known.get(upstream) ?? parseSettings(wanted, upstream);
  known.set(upstream, settings);
  return settings;
}

function parseSettings({ dialect, ...wanted }: CorpusCase, upstream: string) {
  const entry = {
    kind: kinds[dialect],
    baseUrl: `${upstream}/v1`,
    ...(dialect === 'openai-responses' ? { dialect } : {}),
    ...wanted.provider,
  };
  const providers = parseProviders({ [provider]: entry });
  const config = providers.usable.get(provider);
  if (config === undefined) throw new Error(`the case's provider is broken: ${JSON.stringify(entry)}`);
  const settings = {
    ...{ providers, limits: [], workspaceModels: [], workspaceLimits: {} },
    routes: new Map<string, never>(),
    patternRoutes: [],
  };
  return { settings, config };
}

function seenOf({ parts, text, result }: Heard): Seen {
  const seen = { text, reasoning: '', finish: null as string | null };
  const toolCalls: { name: string; arguments: unknown }[] = [];
  for (const part of parts) {
    if (part.type === 'reasoning-delta') seen.reasoning += part.delta;
    if (part.type === 'finish') seen.finish = part.finishReason.unified;
    if (part.type === 'tool-call')
      toolCalls.push({ name: part.toolName, arguments: parsedArguments(part.input) });
  }
  const failure = result.kind === 'failed' ? result.failure : undefined;
  return {
    ...seen,
    toolCalls,
    error: failure?.kind ?? (result.kind === 'refused' ? result.refusal.kind : null),
    says: failure === undefined ? '' : describeFailure(failure),
  };
}
