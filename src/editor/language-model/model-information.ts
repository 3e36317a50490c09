import * as vscode from 'vscode';
import type { Target } from '../../guard/call.ts';
import type { FactsLookup } from '../../providers/pricing/model-facts.ts';
import { offeredModels, offeredRoutes } from '../../providers/rules/offered-models.ts';
import { defaultOutputTokens } from '../../providers/config/provider-entry.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import type { Settings } from '../../settings/settings.ts';

/** For models whose context size is unknown: what every current model has at least. */
const assumedContextTokens = 128_000;

/** Every model and route that may be called, as VS Code lists models. */
export function modelInformation(
  settings: Settings,
  factsOf: FactsLookup,
): vscode.LanguageModelChatInformation[] {
  const contextOf = ({ provider, model }: Target) => {
    const config = settings.providers.usable.get(provider);
    return (config && factsOf(config, model)?.contextTokens) ?? assumedContextTokens;
  };
  const models = offeredModels(settings, 'editor').map((target) =>
    informationOf(
      nameOf(target),
      target.model,
      target.provider,
      vscode.l10n.t('{0} by {1}, guarded by Callguard', target.model, target.provider),
      contextOf(target),
    ),
  );
  const routes = offeredRoutes(settings, 'editor').map((name) =>
    informationOf(
      name,
      name,
      vscode.l10n.t('route'),
      vscode.l10n.t('The route {0}, guarded by Callguard', name),
      // Any target of the route may serve the prompt, so all of them must be able to take it.
      Math.min(...(settings.routes.get(name) ?? []).map(contextOf)),
    ),
  );
  return [...models, ...routes];
}

function informationOf(
  id: string,
  name: string,
  detail: string,
  tooltip: string,
  contextTokens: number,
): vscode.LanguageModelChatInformation {
  const maxOutputTokens = Math.min(defaultOutputTokens, Math.floor(contextTokens / 2));
  return {
    id,
    name,
    detail,
    tooltip,
    family: name,
    version: '1',
    maxInputTokens: contextTokens - maxOutputTokens,
    maxOutputTokens,
    capabilities: { toolCalling: true, imageInput: true },
    // The workbench reads it although the typings do not have it. Without it, some versions hide the model from the
    // picker.
    ...{ isUserSelectable: true },
  };
}
