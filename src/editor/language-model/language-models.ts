import * as vscode from 'vscode';
import type { KnownFacts } from '../../providers/pricing/model-facts.ts';
import type { TokenCounter } from '../../providers/prompt-check/token-count.ts';
import { toDisposable, type Disposable } from '../../shared/disposable.ts';
import type { Log } from '../../shared/log.ts';
import type { ListModels } from '../../providers/config/model-lister.ts';
import { missingLanguageModelApi } from './language-model-api.ts';
import type { LocalModels } from './local-models.ts';
import type { ResponseOptions } from './model-response.ts';

export interface LanguageModelsOptions extends ResponseOptions {
  readonly facts: KnownFacts;
  readonly listModels: ListModels;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/**
 * Offers every configured model and route to other extensions: `vscode.lm.selectChatModels({ vendor: 'callguard' })`. An
 * editor that lacks a part of the API does without.
 */
export function registerLanguageModels(options: LanguageModelsOptions): Disposable {
  const missing = missingLanguageModelApi('registerLanguageModelChatProvider');
  try {
    if (missing === undefined) return offerModels(options);
    options.log.warn(
      `This editor has no ${missing}, so Callguard offers no models to other extensions. Everything else works.`,
    );
  } catch (error) {
    options.log.error(
      'This editor refused the registration, so Callguard offers no models to other extensions. Everything else works.',
      error,
    );
  }
  return toDisposable(() => undefined);
}

function offerModels({ settings, facts, listModels, ...options }: LanguageModelsOptions): Disposable {
  const ports = { listModels, facts, clock: options.clock, log: options.log };
  let local: Promise<LocalModels> | undefined;
  const changed = new vscode.EventEmitter<void>();
  let counter: Promise<TokenCounter> | undefined;
  const registration = vscode.lm.registerLanguageModelChatProvider('callguard', {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: async () => {
      // Callers read the context size to build a prompt, so models are listed once it is known.
      if (settings.current.providers.usable.size > 0) await facts.load();
      local ??= import('./local-models.ts').then(({ LocalModels: Local }) => new Local(ports));
      const servers = await local;
      await servers.ask(settings.current, () => {
        changed.fire();
      });
      const { modelInformation } = await import('./model-information.ts');
      return modelInformation(settings.current, facts.lookup);
    },
    provideLanguageModelChatResponse: async (model, messages, request, progress, token) => {
      const { respond } = await import('./model-response.ts');
      await respond({ settings, ...options }, model, messages, request, progress, token);
    },
    provideTokenCount: async (_model, text) => {
      // The chunk is loaded once. If loading fails, the next call tries again.
      counter ??= import('../../providers/prompt-check/token-count.ts').then(({ loadTokenCounter }) =>
        loadTokenCounter(),
      );
      const counting = counter;
      const tokens = await counting.catch((error: unknown) => {
        if (counter === counting) counter = undefined;
        throw error;
      });
      if (typeof text === 'string') return tokens.ofText(text);
      const { promptOf } = await import('./prompt-from-messages.ts');
      return tokens.ofPrompt(promptOf([text], { toolMode: vscode.LanguageModelChatToolMode.Auto }));
    },
  });
  const subscription = settings.onDidChange(() => {
    changed.fire();
  });
  return toDisposable(() => {
    for (const each of [registration, subscription, changed]) each.dispose();
  });
}
