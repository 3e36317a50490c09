import type { Call, Part, Target } from '../../src/guard/call.ts';
import type { CallResult } from '../../src/guard/call-state.ts';
import { defaultCircuitOptions } from '../../src/guard/breaker.ts';
import { defaultTimeouts } from '../../src/guard/deadlines.ts';
import { createGuard, type Guard } from '../../src/guard/guard.ts';
import type { GuardPorts } from '../../src/guard/guard-ports.ts';
import { defaultRetryOptions } from '../../src/guard/retry.ts';
import type { ResolvedTarget } from '../../src/guard/resolved-target.ts';
import type { Attempt, AttemptReport, Credentials, Sender, SentPart } from '../../src/guard/sender-port.ts';
import { parseProviders, type ProviderConfig } from '../../src/providers/config/provider-config.ts';
import type { ProviderTarget } from '../../src/providers/rules/resolver.ts';
import { ok } from '../../src/shared/result.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryLedger } from './memory-ledger.ts';

/** What the settings say about a target. */
export type TargetRules = Omit<ResolvedTarget, 'target' | 'wireModel'>;

export const openAll: TargetRules = {
  policy: { allow: [], deny: [], default: 'allow' },
  workspaceModels: [],
  caps: [],
  circuit: defaultCircuitOptions,
  timeouts: defaultTimeouts,
  retry: defaultRetryOptions,
  price: undefined,
  priceSource: undefined,
  unknownPriceAllowed: false,
  assumedOutputTokens: 4_096,
  strict: false,
  configFingerprint: 'set-up 1',
};

export const text = (delta: string): SentPart => ({
  part: { type: 'text-delta', id: '0', delta },
  content: true,
});
export const lifecycle: SentPart = { part: { type: 'text-start', id: '0' }, content: false };
export const usage = { inputTokens: 7, cachedInputTokens: 0, outputTokens: 3 };
export const complete: AttemptReport = { outcome: { kind: 'complete' }, status: 200, usage };

/** What a scripted sender does on one attempt: parts, pauses, and how it ends. */
export type Script = (attempt: Attempt<ProviderTarget>) => AsyncGenerator<SentPart, AttemptReport, void>;

/** Answers at once with the given words. */
export function answer(...words: string[]): Script {
  return async function* ({ progress }) {
    await Promise.resolve();
    progress('connected');
    progress('headers');
    for (const word of words) {
      progress('bytes');
      yield text(word);
    }
    return complete;
  };
}

/** Ends at once without any content. */
export function fail(outcome: AttemptReport['outcome'], status?: number): Script {
  return async function* ({ progress }) {
    await Promise.resolve();
    progress('connected');
    yield lifecycle;
    return { outcome, ...(status === undefined ? {} : { status }) };
  };
}

/** Goes on until it is aborted. */
export const silent: Script = async function* ({ signal }) {
  yield lifecycle;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
  return { outcome: { kind: 'aborted' } };
};

export class ScriptedSender implements Sender<ProviderTarget> {
  readonly attempts: Attempt<ProviderTarget>[] = [];
  readonly #scripts: Script[];

  /** One script an attempt; the last one serves all that follow. */
  constructor(...scripts: Script[]) {
    this.#scripts = scripts;
  }

  send(attempt: Attempt<ProviderTarget>): AsyncGenerator<SentPart, AttemptReport, void> {
    this.attempts.push(attempt);
    const script = this.#scripts[Math.min(this.attempts.length, this.#scripts.length) - 1];
    if (script === undefined) throw new Error('the sender has no script');
    return script(attempt);
  }
}

/** A provider that no test of the guard alone sends anything to. */
const unused = parseProviders({
  acme: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1' },
}).usable.get('acme') as ProviderConfig;

/** A target as a resolver gives it. */
export function resolvedTarget(
  target: Target,
  rules: Partial<TargetRules> = {},
  config: ProviderConfig = unused,
): ProviderTarget {
  return {
    ...openAll,
    ...rules,
    target,
    wireModel: target.model,
    config,
    draftKey: undefined,
    settings: undefined,
    reasons: undefined,
  };
}

export const noCredentials: Credentials = { key: undefined, headers: {} };

export interface Fixture {
  readonly guard: Guard<ProviderTarget>;
  readonly clock: FakeClock;
  readonly ledger: MemoryLedger;
  readonly sender: ScriptedSender;
  readonly trouble: unknown[];
}

/** A guard with everything around it faked, so that only its own rules are tested. `config` is that of every provider. */
export function guardWith(
  scripts: Script[],
  rules: Partial<TargetRules> | ((target: Target) => Partial<TargetRules>) = {},
  ports: Partial<GuardPorts<ProviderTarget>> = {},
  config?: ProviderConfig,
): Fixture {
  const clock = new FakeClock();
  const ledger = new MemoryLedger(clock);
  const sender = new ScriptedSender(...scripts);
  const trouble: unknown[] = [];
  const guard = createGuard({
    resolve: (target) =>
      ok(resolvedTarget(target, typeof rules === 'function' ? rules(target) : rules, config)),
    recheck: () => undefined,
    checkPrompt: (call) => Promise.resolve(ok(call.prompt)),
    ledger,
    openKey: () => Promise.resolve(ok(noCredentials)),
    sender,
    clock,
    random: { next: () => 0.5 },
    onLedgerTrouble: (error) => trouble.push(error),
    ...ports,
  });
  return { guard, clock, ledger, sender, trouble };
}

export function callOf(changes: Partial<Call> = {}): Call {
  return {
    id: 'call-1',
    frontDoor: 'ask',
    source: 'editor',
    tenant: 'default',
    targets: [{ provider: 'acme', model: 'small' }],
    prompt: { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }] },
    signal: new AbortController().signal,
    idempotent: true,
    ...changes,
  };
}

export interface Heard {
  readonly parts: Part[];
  readonly text: string;
  readonly result: CallResult;
}

/** Reads an answer to its end. */
export async function hear(run: AsyncGenerator<Part, CallResult, void>): Promise<Heard> {
  const parts: Part[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done === true) {
      const words = parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
      return { parts, text: words, result: next.value };
    }
    parts.push(next.value);
  }
}
