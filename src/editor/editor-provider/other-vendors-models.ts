import * as vscode from 'vscode';
import { ownVendor, withoutEditor, type EditorModels } from '../../providers/config/editor-models.ts';
import type { Sanitize } from '../../providers/transport/provider-message.ts';
import { err, ok } from '../../shared/result.ts';
import { missingLanguageModelApi } from '../language-model/language-model-api.ts';

/** The models of other vendors in this VS Code, for providers of kind `editor`. */
export function createEditorModels(sanitize: Sanitize): EditorModels {
  return {
    list: async () => {
      if (missingLanguageModelApi('selectChatModels') !== undefined) return err(withoutEditor);
      const models = await vscode.lm.selectChatModels();
      const others = models.filter(({ vendor }) => vendor !== ownVendor);
      return ok([...new Set(others.map(({ vendor, family, id }) => `${vendor}/${family || id}`))]);
    },
    send: async function* (attempt) {
      if (missingLanguageModelApi('selectChatModels') !== undefined) return { outcome: withoutEditor };
      const { sendToEditorModel } = await import('./send-to-editor-model.ts');
      return yield* sendToEditorModel(attempt, sanitize);
    },
  };
}
