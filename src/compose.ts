import type { ExtensionContext } from 'vscode';
import type { CallguardApi } from './api.ts';
import { composeCore } from './compose-core.ts';
import { createExportedApi } from './editor/api/exported-api.ts';
import { commands } from './editor/commands/command-table.ts';
import { assertEditor, registerPart } from './editor/editor-api.ts';
import { createEditorLog, createLogChannel } from './editor/editor-log.ts';
import { createEditorModels } from './editor/editor-provider/other-vendors-models.ts';
import { EditorSettings, strictTls } from './editor/editor-settings.ts';
import { notifySilentStore } from './editor/keys/notify-silent-store.ts';
import { editorSecretStore } from './editor/keys/secret-store.ts';
import { registerLanguageModels } from './editor/language-model/language-models.ts';
import { CallNotices } from './editor/notify/call-notices.ts';
import { Notifier } from './editor/notify/notifier.ts';
import { showNotice } from './editor/notify/show-notice.ts';
import { notifyTextfileTroubles } from './editor/notify/textfile-trouble.ts';
import { trackWalkthrough } from './editor/notify/walkthrough-progress.ts';
import { welcomeOnce } from './editor/notify/welcome.ts';
import { Overview } from './editor/overview.ts';
import { registerCommands } from './editor/register-commands.ts';
import { panelApi, UsagePanels } from './editor/usage-panel/usage-panels.ts';
import { ProviderTree, treeApi } from './editor/views/provider-tree.ts';
import { StatusBar, statusBarApi } from './editor/views/status-bar.ts';
import { isMachineOnline } from './providers/transport/machine-online.ts';
import { DisposableStore, type Disposable } from './shared/disposable.ts';

export interface Callguard extends Disposable {
  /** For other extensions. */
  readonly api: CallguardApi;
  /** Aborts and settles the calls in progress and closes the ledger. To be awaited before `dispose()`. */
  shutDown(): Promise<void>;
}

/** Builds the core and what the editor shows of it. Activation waits for no disk. */
export function compose(context: ExtensionContext): Callguard {
  assertEditor(context);
  const owned = new DisposableStore();
  const channel = owned.add(createLogChannel());
  const settings = owned.add(new EditorSettings(channel));
  const core = owned.add(
    composeCore({
      home: context.globalStorageUri.fsPath,
      env: process.env,
      settings,
      secrets: editorSecretStore(context.secrets, channel),
      log: channel,
      isOnline: isMachineOnline,
      strictTls,
      createEditorModels,
      askAboutSecrets: async (found) =>
        (await import('./editor/ui/ask-about-secrets.ts')).askAboutSecrets(found),
      loadConfigure: async (log) =>
        (await import('./editor/gateway/confirm-configure.ts')).createConfigurePort(settings, log),
      onRunaway: (runaway) => {
        import('./editor/gateway/notify-runaway.ts').then(
          ({ notifyRunaway }) => {
            notifyRunaway(runaway, notifier);
          },
          (error: unknown) => {
            log.error('A notification could not be loaded.', error);
          },
        );
      },
    }),
  );
  const log = createEditorLog(core.log, channel);
  const notifier = new Notifier({ show: showNotice, clock: core.clock, log });
  const ports = { ...core, settings, notifier, log };

  const overview = owned.add(new Overview(ports));
  owned.add(
    registerPart(
      ['commands.executeCommand'],
      () => trackWalkthrough(overview, log),
      (why) => {
        log.warn(`This editor does not support the progress of the walkthrough: ${why}`);
      },
    ),
  );
  owned.add(
    registerPart(
      statusBarApi,
      () => new StatusBar(overview, settings),
      (why) => {
        log.warn(`This editor does not support the status bar item: ${why}`);
      },
    ),
  );
  owned.add(
    registerPart(
      treeApi,
      () => new ProviderTree(overview, settings),
      (why) => {
        log.warn(`This editor does not support the tree of providers: ${why}`);
      },
    ),
  );
  const notices = owned.add(new CallNotices(ports));
  owned.add(
    core.onGatewayCall((result) => {
      notices.report(result);
    }),
  );
  owned.add(registerLanguageModels({ ...ports, notices }));
  core.ledgerOpened
    .then(async () => {
      const { notifyGatewayProblems } = await import('./editor/gateway/notify-gateway-problem.ts');
      owned.add(notifyGatewayProblems(await core.gateway, notifier));
    })
    .catch((error: unknown) => {
      log.error('Problems of the gateway cannot be shown.', error);
    });
  owned.add(notifySilentStore(ports));
  owned.add(notifyTextfileTroubles(core.onTextfileTrouble, ports));
  const usagePanels = new UsagePanels({ ...ports, extensionUri: context.extensionUri });
  owned.add(
    registerPart(
      panelApi,
      () => usagePanels.restore(),
      (why) => {
        log.warn(`This editor does not support bringing the usage panel back after a restart: ${why}`);
      },
    ),
  );
  owned.add(registerCommands(commands, { ...ports, usagePanels, memory: context.globalState }));
  core.ledgerOpened
    .then(async () => {
      const { startVault } = await import('./editor/keys/vault-start-up.ts');
      await startVault(ports);
    })
    .catch((error: unknown) => {
      log.error('The vault check at startup failed.', error);
    });
  import('./editor/keys/plaintext-keys.ts')
    .then(({ watchPlaintextKeys }) => owned.add(watchPlaintextKeys(ports)))
    .catch((error: unknown) => {
      log.error('The settings could not be searched for plaintext keys.', error);
    });
  welcomeOnce(context.globalState, settings, notifier).catch((error: unknown) => {
    log.error('The welcome message could not be shown.', error);
  });
  const { api } = owned.add(createExportedApi({ ...ports, overview, notices }));
  return {
    api,
    shutDown: async () => {
      await core.shutDown();
      owned.dispose();
    },
    dispose: () => {
      owned.dispose();
    },
  };
}
