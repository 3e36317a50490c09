import { hash } from 'node:crypto';
import type { AnyPrompt, Call, FrontDoor } from '../../guard/call.ts';
import type { Refusal } from '../../guard/refusal.ts';
import type { PromptCheck } from '../../guard/guard-ports.ts';
import type { KnownSecrets } from '../../redaction/known-secrets.ts';
import { visitSecrets } from '../../redaction/prompt-scan.ts';
import { maskShape } from '../../redaction/mask.ts';
import type { L10n, Wording } from '../../shared/l10n.ts';
import { redactionLimits } from '../../shared/limits.ts';
import { assertNever, err, ok } from '../../shared/result.ts';
import { inSlices, type Work } from '../../shared/slices.ts';
import type { PromptSecretMode } from './prompt-secrets-setting.ts';
import { mapTexts } from './prompt-texts.ts';

/** A secret in a prompt: its kind and its place, never its text. */
export interface PromptSecret {
  /** Identifies the secret without revealing it. */
  readonly id: string;
  readonly label: Wording;
  readonly where: Wording;
}

export type PromptSecretChoice = 'redact' | 'send' | 'refuse';

export interface PromptSecretOptions {
  readonly mode: () => PromptSecretMode;
  /** The registered secrets. */
  readonly registered: KnownSecrets;
  /** Asks the user who waits for the call. */
  readonly ask: (found: readonly PromptSecret[]) => Promise<PromptSecretChoice>;
  /** Called when secrets are redacted without asking. */
  readonly onRedacted: (found: readonly PromptSecret[], call: Call) => void;
}

/** The front doors where a user waits. A dialog for any other call would be unexpected. */
const attended: ReadonlySet<FrontDoor> = new Set<FrontDoor>(['ask', 'test']);

/**
 * The guard's check of outgoing prompts. A choice to send or to redact applies to that secret until the session ends. A
 * choice not to send applies to that call.
 */
export function createPromptCheck(options: PromptSecretOptions): PromptCheck {
  const { registered } = options;
  // The choices of this session, by id.
  const chosen = new Map<string, 'redact' | 'send'>();
  let asking: Promise<unknown> = Promise.resolve();

  /** Shows one dialog at a time, because the first choice may also answer the second call. */
  const askInTurn = (found: readonly PromptSecret[]): Promise<PromptSecretChoice> => {
    const turn = asking.then(async () => {
      const open = found.filter(({ id }) => !chosen.has(id));
      if (open.length === 0) return 'send';
      const choice = await options.ask(open);
      if (choice !== 'refuse') for (const { id } of open) chosen.set(id, choice);
      return choice;
    });
    // The caller gets a failure; the next question only waits for its turn.
    asking = turn.catch(() => undefined);
    return turn;
  };

  const check = async (call: Call): ReturnType<PromptCheck> => {
    const mode = options.mode();
    if (mode === 'off') return ok(call.prompt);
    const found = await inSlices(findPromptSecrets(call.prompt, registered), call.signal);
    // An aborted call continues and is never sent.
    if (found === undefined || found.length === 0) return ok(call.prompt);
    const redact = async (isRedacted: (id: string) => boolean) =>
      ok((await inSlices(redactPrompt(call.prompt, registered, isRedacted), neverAborted)) ?? call.prompt);
    if (mode === 'warn' && attended.has(call.frontDoor)) {
      // A dialog cannot be closed from here.
      const choice = await Promise.race([askInTurn(found), whenAborted(call.signal)]);
      if (choice === 'refuse') return refuseFor(found);
      return await redact((id) => choice === 'aborted' || chosen.get(id) !== 'send');
    }
    switch (mode) {
      case 'block':
        return refuseFor(found);
      case 'warn':
      case 'redact':
        options.onRedacted(found, call);
        return await redact(() => true);
      default:
        return assertNever(mode);
    }
  };
  return check;
}

/** What was found is redacted also for a call that was aborted, so that no prompt leaves the check with it. */
const neverAborted = new AbortController().signal;

/** The secrets in a prompt, each once, with its first place. No more than a user can look at. */
export function* findPromptSecrets(prompt: AnyPrompt, registered: KnownSecrets): Work<PromptSecret[]> {
  const found = new Map<string, PromptSecret>();
  yield* mapTexts(prompt, function* (text, where) {
    const count = yield* visitSecrets(text, registered, ({ label, index, length }) => {
      if (found.size >= redactionLimits.secretsOfPrompt) return;
      const id = idOf(text.slice(index, index + length));
      if (!found.has(id)) found.set(id, { id, label, where });
    });
    return { text, hasSecret: count > 0 };
  });
  return [...found.values()];
}

/** Joined as they come. To join millions of them at the end would take long. */
const joinedPieces = 1_000;

/** A copy of the prompt without the secrets for which `isRedacted` returns true. */
export function redactPrompt(
  prompt: AnyPrompt,
  registered: KnownSecrets,
  isRedacted: (id: string) => boolean,
): Work<AnyPrompt> {
  return mapTexts(prompt, function* (text) {
    const done: string[] = [];
    let pieces: string[] = [];
    let end = 0;
    const count = yield* visitSecrets(text, registered, ({ index, length }) => {
      const secret = text.slice(index, index + length);
      if (!isRedacted(idOf(secret))) return;
      pieces.push(text.slice(end, index), maskShape(secret));
      end = index + length;
      if (pieces.length < joinedPieces) return;
      done.push(pieces.join(''));
      pieces = [];
    });
    const mapped = end === 0 ? text : [...done, ...pieces, text.slice(end)].join('');
    return { text: mapped, hasSecret: count > 0 };
  });
}

/** '2 × OpenAI key, GitHub token in message 3 (user), AWS access key in message 5 (result of shell)'. */
export function describeSecrets(found: readonly PromptSecret[], l10n: L10n): string {
  const places = Map.groupBy(found, ({ where }) => where(l10n));
  return [...places]
    .map(([place, inPlace]) => {
      const kinds = [...Map.groupBy(inPlace, ({ label }) => label(l10n))].map(([kind, { length }]) =>
        length === 1 ? kind : `${length} × ${kind}`,
      );
      return l10n.t('{0} in {1}', kinds.join(', '), place);
    })
    .join(', ');
}

function refuseFor(found: readonly PromptSecret[]) {
  return err<Refusal>({ kind: 'promptSecret', what: (l10n) => describeSecrets(found, l10n) });
}

function idOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

function whenAborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    const aborted = () => {
      resolve('aborted');
    };
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  });
}
