import {
  isCount,
  isPassThrough,
  type PassThroughPrompt,
  type Target,
  type AnyPrompt,
} from '../../guard/call.ts';
import type { Outcome } from '../../guard/outcome.ts';
import type { Attempt, AttemptReport, Sender, SentPart } from '../../guard/sender-port.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { OnlineCheck } from './machine-online.ts';
import { dialectsOf } from '../config/catalogue.ts';
import { speaks } from '../config/spoken-dialects.ts';
import { detailsOf } from '../config/model-details.ts';
import { withoutEditor, type EditorModels } from '../config/editor-models.ts';
import { endpointOf, type EndpointPorts } from './endpoint.ts';
import type { ReasoningHabit } from '../dialects/dialect.ts';
import { promptFor } from '../dialects/prompt-for-quirks.ts';
import { LearntQuirks, type OwnFields } from './learnt-quirks.ts';
import { ReasoningSender } from '../reasoning/reasoning-sender.ts';
import type { ReadEnd } from '../dialects/translated-sender.ts';
import { present, type Sanitize } from './provider-message.ts';
import { countedTokens } from '../passthrough/counted-tokens.ts';
import { sendPassThrough } from '../passthrough/passthrough-sender.ts';
import type { ProviderConfig } from '../config/provider-config.ts';
import { nameOf } from '../config/target-name.ts';
import type { Loss } from '../translation/losses.ts';
import type { ProviderTarget } from '../rules/resolver.ts';
import { createWire, malformed, type Wire } from './wire.ts';

export interface SenderOptions extends EndpointPorts {
  /** Undefined where there is no editor. */
  readonly editorModels: EditorModels | undefined;
  readonly isOnline: OnlineCheck;
  readonly clock: Clock;
  /** A provider asked for a longer pause than any is kept. */
  readonly onLongPause: (provider: string, askedMs: number) => void;
  /** A prompt had reasoning that another target made, which is not sent. */
  readonly onForeignReasoning: (target: Target) => void;
  /** A translated request or its answer did not carry all. */
  readonly onLosses: (target: string, losses: readonly Loss[]) => void;
}

/** The guard's sender. Each attempt uses the AI SDK's model of the provider's dialect over a wire of its own. */
export function createSender(options: SenderOptions): Sender<ProviderTarget> {
  const learnt = new LearntQuirks();
  const reasoning = new ReasoningSender(sendKnown, options.onForeignReasoning);
  const send = (attempt: Attempt<ProviderTarget>): AsyncGenerator<SentPart, AttemptReport, void> => {
    const prompt = promptForConfig(attempt);
    return isPassThrough(prompt) ? sendKnown(attempt, undefined) : reasoning.send({ ...attempt, prompt });
  };
  async function* sendKnown(
    attempt: Attempt<ProviderTarget>,
    reasoningHabit: ReasoningHabit,
  ): AsyncGenerator<SentPart, AttemptReport, void> {
    const { config, configFingerprint } = attempt.resolved;
    let own: OwnFields = { asksForUsage: false, systemRole: false };
    const report = yield* sendOnce(attempt, reasoningHabit, (fields) => {
      own = fields;
    });
    const known = learnt.learntOf(configFingerprint);
    const all = known === undefined ? report : { ...report, learntQuirks: known };
    const { outcome } = all;
    if (outcome.kind !== 'http' || outcome.refusedFields === undefined) return all;
    const { refusedFields: _refused, ...rest } = outcome;
    const isLearnt = learnt.learn(config, configFingerprint, outcome, own);
    return { ...all, outcome: isLearnt ? { ...rest, refusedOwnField: true } : rest };
  }
  async function* sendOnce(
    attempt: Attempt<ProviderTarget>,
    reasoningHabit: ReasoningHabit,
    onOwnFields: (own: OwnFields) => void,
  ): AsyncGenerator<SentPart, AttemptReport, void> {
    const { sanitize, isOnline, clock } = options;
    const { prompt } = attempt;
    const { config, configFingerprint, target, wireModel: model, reasons } = attempt.resolved;
    let { dialect } = config;
    if (isPassThrough(prompt)) {
      // The client chose the dialect. The setting is for translated prompts only.
      const spoken = dialectsOf(config.kind).find((each) => speaks(config, each) && each === prompt.dialect);
      if (spoken === undefined || spoken === 'editor') {
        if (!isCount(prompt)) return { outcome: otherDialect(config, prompt) };
        // A provider of another dialect cannot count the request.
        yield { part: { type: 'bytes', bytes: countedTokens(prompt), tokens: 0, target }, content: true };
        return { outcome: { kind: 'complete' } };
      }
      dialect = spoken;
    } else if (dialect === 'editor') {
      if (options.editorModels === undefined) return { outcome: withoutEditor };
      return yield* options.editorModels.send({ ...attempt, prompt });
    }
    const endpoint = await endpointOf(config, attempt.credentials, options);
    if (!endpoint.ok) return { outcome: endpoint.error };
    const { baseUrl, access } = endpoint.value;
    const { signal, progress, idempotent } = attempt;
    const quirks = learnt.of(config, configFingerprint);
    const onLongPause = (askedMs: number) => {
      options.onLongPause(config.id, askedMs);
    };
    const common = { sanitize, isOnline, clock, onLongPause };
    const wireOptions = { dialect, access, idempotent, signal, progress, ...common };
    if (isPassThrough(prompt)) {
      return yield* sendPassThrough({
        ...{ prompt, target, model, baseUrl, quirks, onOwnFields },
        wire: wireOptions,
      });
    }
    const wire = createWire({ ...wireOptions, wants: 'stream' });
    try {
      const { readAnswer } = await import('../dialects/translated-sender.ts');
      const { outputLimit, streamOptions: asksForUsage } = quirks;
      onOwnFields({
        asksForUsage,
        ...(prompt.maxOutputTokens === undefined ? {} : { outputLimit }),
        systemRole: quirks.systemRole && prompt.prompt.some(({ role }) => role === 'system'),
      });
      const end = yield* readAnswer(dialect, {
        ...{ baseUrl, model, wire, outputLimit, asksForUsage, reasoningHabit },
        prompt: promptFor(prompt, quirks),
        target: { name: nameOf(target), model, kind: config.kind, reasons },
        body: detailsOf(config.details, model)?.body,
      });
      if (end.losses.length > 0) options.onLosses(nameOf(target), end.losses);
      stopUnfinished(wire, end, sanitize);
      const report = await wire.ended();
      const outcome = outcomeOf(report, end);
      if (outcome.kind === 'complete' && end.finish !== undefined) yield { part: end.finish, content: false };
      return { ...report, outcome };
    } finally {
      // The reader may have left. This has no effect on an exchange that has ended.
      wire.stop({ kind: 'aborted' });
    }
  }

  return { send };
}

/** A request of a client for a provider that does not speak the client's dialect goes out translated. */
function promptForConfig({ prompt, resolved }: Attempt<ProviderTarget>): AnyPrompt {
  if (!isPassThrough(prompt) || speaks(resolved.config, prompt.dialect)) return prompt;
  const { translated, maxOutputTokens } = prompt;
  if (translated === undefined) return prompt;
  return { ...translated, ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }) };
}

function otherDialect(config: ProviderConfig, prompt: PassThroughPrompt): Outcome {
  const spoken = dialectsOf(config.kind).join(', ');
  const problem: Wording = (l10n) => l10n.t('{0} supports {1}, not {2}', config.id, spoken, prompt.dialect);
  return { kind: 'unsendable', problem };
}

/** Stops the exchange if the SDK gave up early. Otherwise `wire.ended()` would never resolve. */
function stopUnfinished(wire: Wire, end: ReadEnd, sanitize: Sanitize): void {
  const said = present(end.problem, sanitize);
  const problem: Wording = said === '' ? (l10n) => l10n.t('it ended early') : () => said;
  wire.stop({ kind: wire.used ? 'malformed' : 'unsendable', problem });
}

/** The wire's outcome, never the SDK's. But an answer that the SDK could not read is not complete. */
function outcomeOf({ outcome }: AttemptReport, { problem: said, finish }: ReadEnd): AttemptReport['outcome'] {
  if (outcome.kind !== 'complete') return outcome;
  if (said !== undefined) return malformed(() => said);
  return finish === undefined ? malformed((l10n) => l10n.t('it is incomplete')) : outcome;
}
