import * as vscode from 'vscode';

/** What an extension that knows nothing of Callguard gets of an answer. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly vscode.LanguageModelToolCallPart[];
  readonly data: readonly vscode.LanguageModelDataPart[];
  /** Parts with reasoning, which the typings do not have. */
  readonly thoughts: readonly object[];
}

/** Sets the user's own providers and routes; undefined takes them away. */
export async function configure(providers: object | undefined, routes?: object): Promise<void> {
  const settings = vscode.workspace.getConfiguration('callguard');
  await settings.update('providers', providers, vscode.ConfigurationTarget.Global);
  await settings.update('routes', routes, vscode.ConfigurationTarget.Global);
}

/** A model or route of Callguard's, once VS Code offers it: it learns of a change a moment after the settings. */
export async function offered(id: string): Promise<vscode.LanguageModelChat> {
  for (;;) {
    const [model] = await vscode.lm.selectChatModels({ vendor: 'callguard', id });
    if (model !== undefined) return model;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Reads an answer to its end. */
export async function read(response: vscode.LanguageModelChatResponse): Promise<Answer> {
  let text = '';
  const calls: vscode.LanguageModelToolCallPart[] = [];
  const data: vscode.LanguageModelDataPart[] = [];
  const thoughts: object[] = [];
  for await (const part of response.stream) {
    if (part instanceof vscode.LanguageModelTextPart) text += part.value;
    else if (part instanceof vscode.LanguageModelToolCallPart) calls.push(part);
    else if (part instanceof vscode.LanguageModelDataPart) data.push(part);
    else if (isThinking(part)) thoughts.push(part);
    else throw new TypeError('a part of a kind that nobody asked for');
  }
  return { text, calls, data, thoughts };
}

function isThinking(part: unknown): part is object {
  const { LanguageModelThinkingPart: Thinking } = vscode as typeof vscode & {
    readonly LanguageModelThinkingPart?: new () => object;
  };
  return Thinking !== undefined && part instanceof Thinking;
}

/** A PNG of one white pixel: VS Code looks into images, so it has to be a whole one. */
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==';

export function pixelPart(): vscode.LanguageModelDataPart {
  return vscode.LanguageModelDataPart.image(Buffer.from(pixel, 'base64'), 'image/png');
}

export function user(...content: (string | vscode.LanguageModelDataPart)[]): vscode.LanguageModelChatMessage {
  return vscode.LanguageModelChatMessage.User(
    content.map((part) => (typeof part === 'string' ? new vscode.LanguageModelTextPart(part) : part)),
  );
}
