import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.commands.registerCommand('consumer.askFirstModel', askFirstModel));
}

/** Asks the first of Callguard's models through vscode.lm, and shows the answer in an editor. */
async function askFirstModel(prompt = 'Hello'): Promise<void> {
  const [model] = await vscode.lm.selectChatModels({ vendor: 'callguard' });
  if (!model) {
    await vscode.window.showWarningMessage('Callguard offers no model.');
    return;
  }
  const response = await model.sendRequest([vscode.LanguageModelChatMessage.User(prompt)]);
  let answer = '';
  for await (const text of response.text) answer += text;
  const document = await vscode.workspace.openTextDocument({ content: answer, language: 'markdown' });
  await vscode.window.showTextDocument(document);
}
