import * as vscode from 'vscode';
import { testReport } from '../../observe/test-report.ts';
import { providerKind } from '../../providers/config/catalogue.ts';
import type { ProviderConfig } from '../../providers/config/provider-config.ts';
import type { KnownFacts } from '../../providers/pricing/model-facts.ts';
import { modelToTry } from '../../providers/rules/offered-models.ts';
import { parseTarget } from '../../providers/config/target-name.ts';
import type { Vault } from '../../vault/vault.ts';
import { describeKeyState } from '../../vault/vault-refusal.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import { unusualQuirks } from '../../providers/transport/learnt-quirks.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { actionAfter } from '../notify/call-actions.ts';
import type { TestPorts } from '../../observe/test-call.ts';
import { testCancellably } from '../ui/test-with-progress.ts';

interface TestProviderPorts extends TestPorts {
  readonly settings: EditorSettings;
  readonly facts: Pick<KnownFacts, 'lookup'>;
  readonly vault: Vault;
}

/** Sends one small request through the whole guard and shows the result. */
export async function testProvider(ports: TestProviderPorts, argument?: unknown): Promise<void> {
  const id = await chooseProvider(ports.settings, argument, vscode.l10n.t('Select a provider to test'));
  const config = id === undefined ? undefined : ports.settings.current.providers.usable.get(id);
  if (config === undefined) {
    if (id === undefined) return;
    await vscode.window.showErrorMessage(
      vscode.l10n.t('The settings of {0} are invalid. See the Providers view for details.', id),
    );
    return;
  }
  const model = modelToTest(ports, config);
  if (model === undefined) {
    await vscode.window.showErrorMessage(
      vscode.l10n.t('{0} has no model yet. Use Callguard: Refresh Models.', config.id),
    );
    return;
  }
  const tested = await testCancellably(ports, { provider: config.id, model });
  if (tested.result.kind === 'aborted') return;
  const about = {
    address: `${providerKind(config.kind).label}${config.baseUrl === undefined ? '' : `, ${config.baseUrl}`}`,
    key: await keyWords(ports.vault, config),
    quirks: unusualQuirks(config),
    problem: tested.ok ? undefined : tested.text(vscode.l10n),
  };
  const content = testReport(tested.result, about, vscode.l10n);
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: true });
  const action = await actionAfter(ports, tested.result);
  if (action === undefined) return;
  const chosen = await vscode.window.showErrorMessage(tested.text(vscode.l10n), action.label);
  if (chosen === action.label) await vscode.commands.executeCommand(action.command, action.provider);
}

/** The default model if it belongs to this provider, else the provider's first one that answers prompts. */
function modelToTest({ settings, facts }: TestProviderPorts, config: ProviderConfig): string | undefined {
  const byDefault = parseTarget(settings.current.defaultModel ?? '');
  return byDefault?.provider === config.id ? byDefault.model : modelToTry(config, facts.lookup);
}

async function keyWords(vault: Vault, config: ProviderConfig): Promise<string> {
  if (config.origin === undefined) return vscode.l10n.t('not needed');
  const state = await vault.state(config.id, config.origin);
  return state.kind === 'set' ? state.redactedKey : describeKeyState(state, vscode.l10n);
}
