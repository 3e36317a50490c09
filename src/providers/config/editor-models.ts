import type { Prompt } from '../../guard/call.ts';
import type { Attempt, AttemptReport, SentPart } from '../../guard/sender-port.ts';
import type { OriginMismatch, Outcome } from '../../guard/outcome.ts';
import type { ResolvedTarget } from '../../guard/resolved-target.ts';
import type { L10n } from '../../shared/l10n.ts';
import type { Result } from '../../shared/result.ts';

/** Why there is no list of models. */
export type ListFailure = Exclude<Outcome, { kind: 'complete' }> | OriginMismatch;

/** Of a provider of kind `editor` where there is no editor. */
export const withoutEditor = {
  kind: 'unsendable',
  problem: (l10n: L10n) => l10n.t('its models are only available in VS Code'),
} as const satisfies ListFailure;

/** Our own models, seen from outside: asking them from within would guard a call twice, and could go in circles. */
export const ownVendor = 'callguard';

/** The editor has no wire for which a prompt could be raw. */
export type TranslatedAttempt = Omit<Attempt<ResolvedTarget>, 'prompt'> & { readonly prompt: Prompt };

/** Models of other vendors in the editor, called `vendor/family-or-id`. */
export interface EditorModels {
  list(signal: AbortSignal): Promise<Result<readonly string[], ListFailure>>;
  /** As `Sender.send`, with the editor's own requests in the place of HTTP. */
  send(attempt: TranslatedAttempt): AsyncGenerator<SentPart, AttemptReport, void>;
}

/** Reads 'vendor/family-or-id'; undefined for anything else, and for our own vendor. */
export function parseEditorModel(model: string): { vendor: string; name: string } | undefined {
  const slash = model.indexOf('/');
  if (slash <= 0 || slash === model.length - 1) return undefined;
  const vendor = model.slice(0, slash);
  return vendor === ownVendor ? undefined : { vendor, name: model.slice(slash + 1) };
}
