import * as vscode from 'vscode';
import type { Target } from '../../guard/call.ts';
import type { FactsLookup } from '../../providers/pricing/model-facts.ts';
import { offeredChats } from '../../providers/rules/offered-models.ts';
import { providerKind } from '../../providers/config/catalogue.ts';
import type { ModelTraits } from '../../providers/config/model-details.ts';
import { defaultOutputTokens } from '../../providers/config/provider-entry.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import { effortSchema } from './thinking-effort.ts';
import type { Settings } from '../../settings/settings.ts';

/** For models whose context size is unknown: what every current model has at least. */
const assumedContextTokens = 128_000;
/** The same for a server on the user's own machine. It has as much as its memory allows. */
const localContextTokens = 8_192;

/** Every model and route that may be called, as VS Code lists models. */
export function modelInformation(
  settings: Settings,
  factsOf: FactsLookup,
): vscode.LanguageModelChatInformation[] {
  const traitsOf = (target: Target) => knownTraits(settings, target, factsOf);
  // Other extensions would send prompts to a model of embeddings.
  const offered = offeredChats(settings, 'editor', factsOf);
  const models = offered.models.map((target) => {
    const tooltip = vscode.l10n.t('{0} by {1}, guarded by Callguard', target.model, target.provider);
    return informationOf(nameOf(target), target.model, target.provider, tooltip, traitsOf(target));
  });
  const routes = offered.routes.map((name) => {
    const targets = (settings.routes.get(name) ?? []).map(traitsOf);
    const tooltip = vscode.l10n.t('The route {0}, guarded by Callguard', name);
    return informationOf(name, name, vscode.l10n.t('route'), tooltip, whatAllHave(targets));
  });
  return [...models, ...routes];
}

type Traits = ModelTraits & { readonly contextTokens: number };

function knownTraits(settings: Settings, { provider, model }: Target, factsOf: FactsLookup): Traits {
  const config = settings.providers.usable.get(provider);
  const isLocal = config !== undefined && providerKind(config.kind).local === true;
  const traits = config && factsOf(config, model);
  const contextTokens = traits?.contextTokens ?? (isLocal ? localContextTokens : assumedContextTokens);
  return { ...traits, contextTokens };
}

/** Any target of a route may serve the prompt, so all of them must be able to take it. */
function whatAllHave(targets: readonly Traits[]): Traits {
  const outputs = targets.map(({ maxOutputTokens }) => maxOutputTokens ?? defaultOutputTokens);
  return {
    contextTokens: Math.min(...targets.map(({ contextTokens }) => contextTokens)),
    maxOutputTokens: Math.min(...outputs),
    tools: targets.every(({ tools }) => tools === true),
    images: targets.every(({ images }) => images === true),
    // A target that does not think gets no effort.
    reasoning: targets.some(({ reasoning }) => reasoning === true),
  };
}

function informationOf(
  id: string,
  name: string,
  detail: string,
  tooltip: string,
  { contextTokens, maxOutputTokens: most = defaultOutputTokens, tools, images, reasoning }: Traits,
): vscode.LanguageModelChatInformation {
  const maxOutputTokens = Math.min(most, Math.floor(contextTokens / 2));
  return {
    id,
    name,
    detail,
    tooltip,
    family: name,
    version: '1',
    maxInputTokens: contextTokens - maxOutputTokens,
    maxOutputTokens,
    capabilities: { toolCalling: tools === true, imageInput: images === true },
    // The workbench reads it although the typings do not have it. Without it, some versions hide the model from the
    // picker.
    ...{ isUserSelectable: true },
    ...(reasoning === true ? { configurationSchema: effortSchema(vscode.l10n) } : {}),
  };
}
