import type { Prompt } from '../../guard/call.ts';
import type { Attempt, AttemptReport, SentPart } from '../../guard/sender-port.ts';
import type { OriginMismatch, Outcome } from '../../guard/outcome.ts';
import type { ResolvedTarget } from '../../guard/resolved-target.ts';
import type { L10n } from '../../shared/l10n.ts';
import type { Result } from '../../shared/result.ts';
import { parseTarget } from './target-name.ts';

/** Why there is no list of models. */
export type ListFailure =
  | Exclude<Outcome, { kind: 'complete' }>
  | OriginMismatch
  /** Nothing is at the URL that was asked. `answers`: another base URL, at which there is a list. */
  | { readonly kind: 'notFound'; readonly asked: string; readonly answers?: string };

/** Called with the base URL at which the list is, and the list, if there is none at the provider's own. */
export type OnOtherAddress = (baseUrl: string, models: readonly string[]) => void;

/** The failure of a provider of kind `editor` outside an editor, or in one without the API. */
export const withoutEditor = {
  kind: 'unsendable',
  problem: (l10n: L10n) =>
    l10n.t("its models are only available in an editor with VS Code's language model API"),
} as const satisfies ListFailure;

/** The vendor of Callguard's own models. A call to them would be guarded twice and could loop. */
export const ownVendor = 'callguard';

/** The editor's models have no wire, so every prompt is translated. */
export type TranslatedAttempt = Omit<Attempt<ResolvedTarget>, 'prompt'> & { readonly prompt: Prompt };

/** Models of other vendors in the editor. Their names are `vendor/family-or-id`. */
export interface EditorModels {
  list(signal: AbortSignal): Promise<Result<readonly string[], ListFailure>>;
  /** The same as `Sender.send`, with requests of the editor's API instead of HTTP. */
  send(attempt: TranslatedAttempt): AsyncGenerator<SentPart, AttemptReport, void>;
}

/** Reads 'vendor/family-or-id'; undefined for other text and for Callguard's own vendor. */
export function parseEditorModel(model: string): { vendor: string; name: string } | undefined {
  const parsed = parseTarget(model);
  if (parsed === undefined || parsed.provider === ownVendor) return undefined;
  return { vendor: parsed.provider, name: parsed.model };
}
