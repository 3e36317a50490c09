import { nameAColour } from 'docs:api';
import * as vscode from 'vscode';
import type { CallguardApi, ConfigureRequest } from '../../../src/api.ts';

/** What an extension that does not know Callguard receives for a request through `vscode.lm`. */
interface Heard {
  readonly chunks: string[];
  /** The class and the message of the error, if there was one. */
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
}

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('consumer.models', modelIds),
    vscode.commands.registerCommand('consumer.ask', ask),
    vscode.commands.registerCommand('consumer.nameAColour', nameAColour),
    vscode.commands.registerCommand('consumer.configureProvider', configureProvider),
    vscode.commands.registerCommand('consumer.offerModel', () => {
      context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('consumer', echo));
    }),
  );
}

async function modelIds(): Promise<string[]> {
  const models = await vscode.lm.selectChatModels({ vendor: 'callguard' });
  return models.map(({ id }) => id);
}

/** Asks one of Callguard's models. With `cancelAfter`, cancels after that many parts. */
async function ask(modelId: string, prompt: string, cancelAfter = Infinity): Promise<Heard> {
  const [model] = await vscode.lm.selectChatModels({ vendor: 'callguard', id: modelId });
  if (model === undefined) throw new Error(`Callguard offers no ${modelId}`);
  const cancellation = new vscode.CancellationTokenSource();
  const chunks: string[] = [];
  try {
    const message = vscode.LanguageModelChatMessage.User(prompt);
    const response = await model.sendRequest([message], {}, cancellation.token);
    for await (const text of response.text) {
      chunks.push(text);
      if (chunks.length >= cancelAfter) cancellation.cancel();
    }
    return { chunks };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = error instanceof vscode.LanguageModelError ? error.code : '';
    return { chunks, error: { name: error.name, code, message: error.message } };
  } finally {
    cancellation.dispose();
  }
}

/** Asks Callguard to set up a provider that is entered as JSON, and shows the result. */
async function configureProvider(): Promise<void> {
  const text = await vscode.window.showInputBox({ title: 'Configure what?', ignoreFocusOut: true });
  if (text === undefined) return;
  const callguard = vscode.extensions.getExtension<CallguardApi>('callguard.callguard');
  const api = await callguard?.activate();
  const result = await api?.configureProvider(JSON.parse(text) as ConfigureRequest);
  await vscode.window.showInformationMessage(`Consumer: ${JSON.stringify(result)}`);
}

/** A model of another vendor, present when a test wants it. */
const echo: vscode.LanguageModelChatProvider = {
  provideLanguageModelChatInformation: () => [
    {
      id: 'echo-1',
      name: 'Echo',
      family: 'echo',
      version: '1',
      maxInputTokens: 9_000,
      maxOutputTokens: 1_000,
      capabilities: {},
    },
  ],
  provideLanguageModelChatResponse: (_model, messages, _options, progress) => {
    const said = messages.flatMap(({ content }) =>
      content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')),
    );
    progress.report(new vscode.LanguageModelTextPart(`The consumer heard: ${said.join(' ')}`));
    return Promise.resolve();
  },
  provideTokenCount: () => Promise.resolve(1),
};
