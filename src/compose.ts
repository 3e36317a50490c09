import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ExtensionContext } from 'vscode';
import type { CallguardApi } from './api.ts';
import { commands } from './editor/commands/command-table.ts';
import { createExportedApi } from './editor/api/exported-api.ts';
import { welcomeOnce } from './editor/notify/welcome.ts';
import { CallNotices } from './editor/notify/call-notices.ts';
import { registerLanguageModels } from './editor/language-model/language-models.ts';
import { createEditorModels } from './editor/editor-provider/other-vendors-models.ts';
import { createLog } from './editor/editor-log.ts';
import { notifyTextfileTrouble } from './editor/notify/textfile-trouble.ts';
import type { Log } from './shared/log.ts';
import { notifyGatewayProblems } from './editor/gateway/notify-gateway-problem.ts';
import { Overview } from './editor/overview.ts';
import { askAboutSecrets } from './editor/ui/ask-about-secrets.ts';
import { registerCommands } from './editor/register-commands.ts';
import { editorSecretStore } from './editor/keys/secret-store.ts';
import { EditorSettings, strictTls } from './editor/editor-settings.ts';
import { logProblems } from './settings/log-settings-problems.ts';
import { watchPlaintextKeys } from './editor/keys/plaintext-keys.ts';
import { trackWalkthrough } from './editor/notify/walkthrough-progress.ts';
import { ProviderTree } from './editor/views/provider-tree.ts';
import { StatusBar } from './editor/views/status-bar.ts';
import { UsagePanels } from './editor/usage-panel/usage-panels.ts';
import { GatewayElection } from './gateway/election/gateway-election.ts';
import { ledgerGatewayRow } from './gateway/election/ledger-gateway-row.ts';
import { reportingGuard } from './guard/reporting-guard.ts';
import { createGuard } from './guard/guard.ts';
import type { GuardPorts } from './guard/guard-ports.ts';
import { deferLedger } from './ledger/deferred-ledger.ts';
import type { StartedLedger } from './ledger/start-ledger.ts';
import { currentAuditKey } from './ledger/audit/audit-key.ts';
import { ledgerManifest, ledgerVaultAudit, ledgerVaultLock } from './ledger/vault-storage.ts';
import { createModelLister } from './providers/config/model-lister.ts';
import { isMachineOnline } from './providers/transport/machine-online.ts';
import { Drafts } from './providers/transport/drafts.ts';
import { createHeaderOpener, createKeyOpener } from './providers/transport/key-opener.ts';
import { pricedGuard, PublicFacts } from './providers/pricing/model-facts.ts';
import { createPromptCheck, describeSecrets } from './providers/prompt-check/prompt-check.ts';
import { createRulebook, type GuardSettings } from './providers/rules/rulebook.ts';
import { createSandbox } from './providers/sandbox/sandbox.ts';
import { createLazySender } from './providers/transport/lazy-sender.ts';
import { createRedactor, sanitizeErrorMessage } from './redaction/redact.ts';
import { sleep, systemClock as clock } from './shared/clock.ts';
import { DisposableStore, type Disposable } from './shared/disposable.ts';
import { english } from './shared/l10n.ts';
import { systemRandom as random } from './shared/random.ts';
import { KeyRing } from './vault/key-ring.ts';
import { CopiedManifest } from './vault/manifest-copy.ts';
import { Vault } from './vault/vault.ts';

/** For what is under way over the gateway when the window closes; VS Code gives 5 s for everything. */
const drainMs = 3_000;

export interface Callguard extends Disposable {
  /** For other extensions. */
  readonly api: CallguardApi;
  /** Aborts and settles what is under way and closes the ledger. To be awaited before `dispose()`. */
  shutDown(): Promise<void>;
}

/** Builds everything, in the order of the rooms. What is slow is only begun here: activation waits for no disk. */
export function compose(context: ExtensionContext): Callguard {
  const owned = new DisposableStore();
  const home = context.globalStorageUri.fsPath;
  const redactor = createRedactor();
  const sanitize = (text: string) => sanitizeErrorMessage(text, redactor);
  const log = owned.add(createLog(redactor));
  const settings = owned.add(new EditorSettings());
  owned.add(logProblems(settings, log));

  const ring = new KeyRing({
    file: path.join(home, 'keys', 'ring.json'),
    env: process.env,
    requireEnvironmentKey: () => settings.current.requireEnvironmentKey,
  });
  const anchorFile = path.join(home, 'keys', 'audit-anchor.json');
  const ledgerFile = path.join(home, 'ledger', 'callguard.db');
  const opening = openLedger({ file: ledgerFile, anchorFile, ring, settings, log });
  const store = opening.then((opened) => opened.store);
  const vault = owned.add(
    new Vault({
      store: editorSecretStore(context.secrets),
      manifest: new CopiedManifest(
        ledgerManifest(store),
        path.join(home, 'keys', 'manifest.json'),
        (error) => {
          log.error('The copy of the key manifest could not be read or written.', error);
        },
      ),
      audit: ledgerVaultAudit(store),
      lock: ledgerVaultLock(store, clock, random),
      ring,
      redactor,
      clock,
    }),
  );

  const drafts = new Drafts(redactor);
  const guardSettings = () => ({ ...settings.current, providers: drafts.over(settings.current.providers) });
  const configOf = (provider: string) => guardSettings().providers.usable.get(provider);
  const sandbox = owned.add(createSandbox());
  const openHeaders = createHeaderOpener(vault);
  const editorModels = createEditorModels(sanitize);
  const ports = { sandbox, editorModels, openHeaders, strictTls, sanitize };
  const sending = { ...ports, isOnline: isMachineOnline, clock };
  const openKey = createKeyOpener(configOf, vault, drafts, openHeaders);
  const loadFacts = async () => (await import('./providers/pricing/price-list.ts')).lookUpModel;
  const facts = new PublicFacts(loadFacts, (error) => {
    log.error(
      'The list of public prices could not be loaded. Only the prices in your settings are known.',
      error,
    );
  });
  const guardPorts: Omit<GuardPorts, 'rulebook'> = {
    checkPrompt: createPromptCheck({
      mode: () => settings.current.promptSecrets,
      registered: redactor.registered,
      ask: askAboutSecrets,
      onRedacted: (found, { frontDoor }) => {
        log.warn(`Redacted in a prompt (${frontDoor}): ${describeSecrets(found, english)}.`);
      },
    }),
    ledger: deferLedger(opening.then((opened) => opened.ledger)),
    openKey,
    sender: createLazySender({ ...sending, configOf }),
    clock,
    random,
    onLedgerTrouble: (error) => {
      log.error('The ledger could not record a call.', error);
    },
  };
  const guardBy = (rules: () => GuardSettings) =>
    pricedGuard(createGuard({ ...guardPorts, rulebook: createRulebook(rules, facts.of) }), facts);
  const guard = guardBy(guardSettings);
  const outsideGuard = guardBy(() => settings.outside);

  const overview = owned.add(new Overview({ ledger: store, settings, vault, clock, log }));
  owned.add(trackWalkthrough(overview, log));
  owned.add(new StatusBar(overview, settings));
  owned.add(new ProviderTree(overview, settings));
  const notices = owned.add(new CallNotices({ vault, settings, clock, log }));
  owned.add(registerLanguageModels({ settings, guard, facts, clock, notices }));
  const gateway = owned.add(
    new GatewayElection({
      row: store.then(ledgerGatewayRow),
      settings,
      load: async () => {
        const { loadGateway } = await import('./gateway/election/load-gateway.ts');
        const { createManagement } = await import('./gateway/management/create-management.ts');
        const { createConfigurePort } = await import('./editor/gateway/confirm-configure.ts');
        const forGateway = reportingGuard(outsideGuard, notices);
        return loadGateway({
          store: await store,
          lockFile: path.join(home, 'ledger', 'gateway.lock'),
          guard: forGateway,
          settings: () => settings.outside,
          management: createManagement({
            ledger: store,
            settings,
            vault,
            clock,
            guard: forGateway,
            configure: createConfigurePort(settings, log),
          }),
          clock,
          onTrouble: (error) => {
            log.error('The gateway reported an error.', error);
          },
        });
      },
      clock,
      log,
    }),
  );
  owned.add(notifyGatewayProblems(gateway, log));
  const usagePanels = owned.add(
    new UsagePanels({ extensionUri: context.extensionUri, ledger: store, ledgerFile, settings, clock, log }),
  );
  owned.add(
    registerCommands(commands, {
      guard,
      vault,
      settings,
      drafts,
      ledger: store,
      gateway,
      usagePanels,
      ring,
      ledgerFile,
      anchorFile,
      listModels: createModelLister({ ...sending, configOf, openKey }),
      log,
      clock,
      memory: context.globalState,
    }),
  );
  store
    .then(
      async (opened) => {
        const { keepTextfile } = await import('./observe/metrics/keep-textfile.ts');
        const onTrouble = (file: string, error: unknown) => {
          log.error(`The metrics could not be written to ${file}.`, error);
          notifyTextfileTrouble(file, log).catch((failure: unknown) => {
            log.error('The notification about the metrics file could not be shown.', failure);
          });
        };
        owned.add(keepTextfile(opened, { vault, settings, clock, onTrouble }));
      },
      // Told by whoever opens it.
      () => undefined,
    )
    .catch((error: unknown) => {
      log.error('The metrics file cannot be updated.', error);
    });
  store
    .then(async () => {
      const { startVault: tendVault } = await import('./editor/keys/vault-start-up.ts');
      await tendVault({ vault, settings, log });
    })
    .catch((error: unknown) => {
      log.error('The vault check at startup failed.', error);
    });
  owned.add(watchPlaintextKeys({ vault, settings, log }));
  welcomeOnce(context.globalState, settings).catch((error: unknown) => {
    log.error('The welcome message could not be shown.', error);
  });
  const { api } = owned.add(
    createExportedApi({ guard, ledger: store, settings, vault, clock, log, overview, notices }),
  );
  return {
    api,
    shutDown: async () => {
      const left = gateway.shutDown();
      // What is under way may end by itself; then it is aborted, while there is still time to settle it.
      await Promise.race([left, sleep(clock, drainMs)]);
      await Promise.all([guard.shutDown(), outsideGuard.shutDown(), left]);
      // A ledger that never opened is closed already.
      const [opened] = await Promise.allSettled([opening]);
      owned.dispose();
      if (opened.status === 'fulfilled') opened.value.dispose();
    },
    dispose: () => {
      owned.dispose();
    },
  };
}

async function openLedger(options: {
  readonly file: string;
  readonly anchorFile: string;
  readonly ring: KeyRing;
  readonly settings: EditorSettings;
  readonly log: Log;
}): Promise<StartedLedger> {
  const { file, anchorFile, ring, settings, log } = options;
  try {
    // Once activation is over: VS Code counts what is loaded before as a part of it.
    await setImmediate();
    const { startLedger } = await import('./ledger/start-ledger.ts');
    const auditKey = await currentAuditKey(ring);
    const started = await startLedger({
      file,
      anchorFile,
      timeZone: settings.current.timeZone,
      settings: settings.current.ledger,
      clock,
      random,
      auditKey: () => auditKey,
      onTrouble: (error) => {
        log.error('Ledger maintenance failed.', error);
      },
    });
    if (started.setAside !== undefined) {
      log.error(`The ledger was damaged and was moved to ${started.setAside}. A new ledger starts at zero.`);
    }
    return started;
  } catch (error) {
    log.error('The ledger cannot be used, so every call is refused.', error);
    throw error;
  }
}
