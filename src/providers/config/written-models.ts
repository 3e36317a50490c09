import { isObject } from '../../shared/json.ts';
import { soundsLikeNoChat } from '../pricing/other-models.ts';
import { providerKind } from './catalogue.ts';
import type { ModelTraits } from './model-details.ts';
import { isEntry, type ProviderEntry } from './provider-entry.ts';

// Apart from the entry, which is read at activation.

/** The entry with another list of models and all else as the user wrote it; undefined for a broken entry. */
export function withModels(entry: unknown, list: readonly string[]): ProviderEntry | undefined {
  return isEntry(entry) ? { ...entry, models: { ...entry.models, list: [...list] } } : undefined;
}

/**
 * The entry with what the server said about its models. What the user wrote comes first. Nothing is written for a local
 * server, which loads a model with another context the next time.
 */
export function withTraits(
  entry: ProviderEntry,
  traits: ReadonlyMap<string, ModelTraits> | undefined,
): ProviderEntry {
  if (providerKind(entry.kind).local === true) return entry;
  const own = isObject(entry.models?.details) ? entry.models.details : {};
  const said = (entry.models?.list ?? []).flatMap((model) => {
    const { chats, ...others } = traits?.get(model) ?? {};
    // The name says it too, except where this is written.
    const facts = chats === soundsLikeNoChat(model) ? { ...others, chats } : others;
    const written = own[model];
    const details = isObject(written) ? { ...facts, ...written } : facts;
    return Object.keys(facts).length === 0 ? [] : [[model, details] as const];
  });
  if (said.length === 0) return entry;
  return { ...entry, models: { ...entry.models, details: { ...own, ...Object.fromEntries(said) } } };
}
