import path from 'node:path';
import type { GatewayElection } from './gateway/election/gateway-election.ts';
import type { ConfigurePort } from './gateway/gateway-ports.ts';
import type { Runaway } from './gateway/sessions.ts';
import type { CallResult } from './guard/call-state.ts';
import type { Target } from './guard/call.ts';
import type { Guard } from './guard/guard.ts';
import { createLazyGuard, maskingGuard, reportingGuard } from './guard/guard-wrappers.ts';
import { deferLedger } from './ledger/deferred-ledger.ts';
import type { LedgerStore } from './ledger/ledger-store.ts';
import type { TrailKeeper } from './ledger/audit/trail-keeper.ts';
import { ledgerFiles } from './ledger/ledger-files.ts';
import { LedgerOpening, type Opened } from './ledger/ledger-opening.ts';
import { ledgerManifest, ledgerVaultAudit, ledgerVaultLock } from './ledger/vault-storage.ts';
import { createModelLister, type ListModels } from './providers/config/model-lister.ts';
import type { EditorModels } from './providers/config/editor-models.ts';
import { pricedGuard, KnownFacts } from './providers/pricing/model-facts.ts';
import type { PromptSecret, PromptSecretChoice } from './providers/prompt-check/prompt-check.ts';
import { createResolver } from './providers/rules/resolver.ts';
import { createSandbox } from './providers/sandbox/sandbox.ts';
import { createDraftGuard, type DraftGuard } from './providers/transport/draft-guard.ts';
import { createLazySender } from './providers/transport/lazy-sender.ts';
import type { OnlineCheck } from './providers/transport/machine-online.ts';
import type { Sanitize } from './providers/transport/provider-message.ts';
import { maskSecrets } from './redaction/prompt-scan.ts';
import { createRedactor, sanitizeErrorMessage } from './redaction/redact.ts';
import { redactedLog, type LogSink } from './redaction/redacted-log.ts';
import { logProblems } from './settings/log-settings-problems.ts';
import type { SettingsSource } from './settings/settings.ts';
import { systemClock as clock, type Clock } from './shared/clock.ts';
import { DisposableStore, type Disposable } from './shared/disposable.ts';
import { Emitter, type Event } from './shared/emitter.ts';
import { english } from './shared/l10n.ts';
import type { Log } from './shared/log.ts';
import { systemRandom as random } from './shared/random.ts';
import { within } from './shared/within.ts';
import { KeyRing } from './vault/key-ring.ts';
import { CopiedManifest } from './vault/manifest-copy.ts';
import { Vault } from './vault/vault.ts';
import type { SecretStore } from './vault/vault-ports.ts';

/** For the calls in progress over the gateway at shutdown. VS Code gives 5 s for everything. */
const drainMs = 3_000;

/** What the core does not know how to do by itself. */
export interface CorePorts {
  /** The folder of key ring, ledger and locks. */
  readonly home: string;
  /** Where the master keys may be. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly settings: SettingsSource;
  readonly secrets: SecretStore;
  readonly log: LogSink;
  readonly isOnline: OnlineCheck;
  /** False accepts any certificate. */
  readonly strictTls: () => boolean;
  /** Undefined where there is no editor. */
  readonly createEditorModels: ((sanitize: Sanitize) => EditorModels) | undefined;
  readonly askAboutSecrets: (found: readonly PromptSecret[]) => Promise<PromptSecretChoice>;
  /** Undefined where no user can be asked. */
  readonly loadConfigure: ((log: Log) => Promise<ConfigurePort>) | undefined;
  /** A session of a tool may run in a loop. */
  readonly onRunaway: (runaway: Runaway) => void;
}

/** Everything that works without an editor. */
export interface Core extends Disposable {
  readonly clock: Clock;
  readonly log: Log;
  readonly ring: KeyRing;
  readonly vault: Vault;
  /** Rejects where the ledger cannot be opened. */
  readonly ledger: Opened<LedgerStore>;
  readonly ledgerFile: string;
  /** Resolves once the ledger is open, which may be late. Never rejects. */
  readonly ledgerOpened: Promise<LedgerStore>;
  /** Rejects where the ledger cannot be opened. */
  readonly trail: Opened<TrailKeeper>;
  readonly facts: KnownFacts;
  readonly guard: Guard;
  readonly draftGuard: DraftGuard;
  readonly listModels: ListModels;
  /** Rejects where the ledger cannot be opened. */
  readonly gateway: Opened<GatewayElection>;
  /** The end of each call over the gateway. */
  readonly onGatewayCall: Event<CallResult>;
  /** The path of a metrics file that cannot be written. Fires once for each lasting problem. */
  readonly onTextfileTrouble: Event<string>;
  /** Lets calls end, aborts the others and settles all of them. To be awaited before `dispose()`. */
  shutDown(): Promise<void>;
}

/** Builds everything that works without an editor, in the order of the rooms. What is slow only begins here. */
export function composeCore(ports: CorePorts): Core {
  const { home, settings } = ports;
  const owned = new DisposableStore();
  const files = ledgerFiles(home, settings.current.ledgerFolder);
  const { database: ledgerFile, anchor: anchorFile } = files;
  const { secrets } = ports;

  const redactor = createRedactor();
  const useShapes = () => {
    redactor.registered.useShapes(settings.current.redactionShapes);
  };
  useShapes();
  owned.add(settings.onDidChange(useShapes));
  const sanitize = (text: string) => sanitizeErrorMessage(text, redactor);
  const log = redactedLog(ports.log, redactor);
  owned.add(logProblems(settings, log));

  const ring = new KeyRing({
    file: path.join(home, 'keys', 'ring.json'),
    env: ports.env,
    requireEnvironmentKey: () => settings.current.requireEnvironmentKey,
  });
  // First in, last out: what else is disposed may still write.
  const openLedger = owned.add(new DisposableStore());
  const opening = owned.add(
    new LedgerOpening({ file: ledgerFile, anchorFile, ring, secrets, settings, clock, random, log }),
  );
  const ledger = opening.map(({ store }) => store);
  const ledgerOpened = opening.opened.then((started) => {
    openLedger.add(started);
    return started.store;
  });
  const vault = owned.add(
    new Vault({
      store: secrets,
      manifest: new CopiedManifest(
        ledgerManifest(ledger),
        path.join(home, 'keys', 'manifest.json'),
        (error) => {
          log.error('The copy of the key manifest could not be read or written.', error);
        },
      ),
      audit: ledgerVaultAudit(ledger),
      lock: ledgerVaultLock(ledger, clock, random),
      ring,
      redactor,
      clock,
    }),
  );

  owned.add(
    vault.onDidChangeSilence((isSilent) => {
      if (isSilent) log.warn("VS Code's secret storage does not answer.");
      else log.info("VS Code's secret storage has answered.");
    }),
  );

  const loadKeyOpener = async () =>
    (await import('./providers/transport/key-opener.ts')).createKeyOpener(vault);
  const sending = {
    sandbox: owned.add(createSandbox()),
    editorModels: ports.createEditorModels?.(sanitize),
    strictTls: ports.strictTls,
    sanitize,
    isOnline: ports.isOnline,
    clock,
    onLosses: (target: string, losses: readonly string[]) => {
      log.info(`A translated request to ${target} went without: ${losses.join(', ')}.`);
    },
    onLongPause: (provider: string, askedMs: number) => {
      log.warn(
        `${provider} asked for a pause of ${Math.round(askedMs / 3_600_000)} hours. Callguard pauses for one hour.`,
      );
    },
    onForeignReasoning: ({ provider, model }: Target) => {
      log.info(`Reasoning of another model was not sent to ${provider}/${model}.`);
    },
  };
  const loadFacts = async () => (await import('./providers/pricing/public-facts.ts')).publicFacts;
  const facts = new KnownFacts(loadFacts, (error) => {
    log.error(
      'The list of public prices could not be loaded. Only the prices in your settings are known.',
      error,
    );
  });
  const resolver = createResolver(
    () => settings.current,
    () => facts.lookup,
  );
  const unpricedGuard = createLazyGuard(async () => {
    const { createPromptCheck, describeSecrets } = await import('./providers/prompt-check/prompt-check.ts');
    const { waitForSecrets } = await import('./providers/prompt-check/wait-for-secrets.ts');
    const { createReasoningGuard } = await import('./providers/reasoning/reasoning-guard.ts');
    const checkPrompt = createPromptCheck({
      mode: () => settings.current.promptSecrets,
      registered: redactor.registered,
      ask: ports.askAboutSecrets,
      onRedacted: (found, { frontDoor }) => {
        log.warn(`Redacted in a prompt (${frontDoor}): ${describeSecrets(found, english)}.`);
      },
    });
    return createReasoningGuard({
      resolve: resolver.resolve,
      recheck: resolver.recheck,
      checkPrompt: waitForSecrets(() => vault.masterKeyProblem(), clock, checkPrompt),
      ledger: deferLedger(opening.map((started) => started.ledger)),
      openKey: await loadKeyOpener(),
      sender: createLazySender(sending),
      clock,
      random,
      onLedgerTrouble: (error) => {
        log.error('The ledger could not record a call.', error);
      },
    });
  });
  const guard = maskingGuard(pricedGuard(unpricedGuard, facts), (name) =>
    maskSecrets(name, redactor.registered),
  );

  const gatewayCall = new Emitter<CallResult>();
  const loadGateway = async () => {
    const { loadGateway: load } = await import('./gateway/election/load-gateway.ts');
    const { createManagement } = await import('./gateway/management/create-management.ts');
    const reporting = reportingGuard(guard, {
      report: (result) => {
        gatewayCall.fire(result);
      },
    });
    const configure = await ports.loadConfigure?.(log);
    return load({
      store: await ledger,
      lockFile: files.gatewayLock,
      redactor,
      guard: reporting,
      settings: () => settings.current,
      management: createManagement({ ledger, settings, vault, clock, facts, guard: reporting, configure }),
      ...{ clock, onLosses: sending.onLosses },
      onRunaway: ports.onRunaway,
      onTrouble: (error) => {
        log.error('The gateway reported an error.', error);
      },
    });
  };
  const gateway = opening.map(async ({ store }) => {
    const { GatewayElection: Election } = await import('./gateway/election/gateway-election.ts');
    const { ledgerGatewayRow } = await import('./gateway/election/ledger-gateway-row.ts');
    return owned.add(new Election({ row: ledgerGatewayRow(store), settings, load: loadGateway, clock, log }));
  });

  const textfileTrouble = new Emitter<string>();
  const keepMetrics = async (store: LedgerStore) => {
    const { keepTextfile } = await import('./observe/metrics/keep-textfile.ts');
    const onTrouble = (file: string, error: unknown) => {
      log.error(`The metrics could not be written to ${file}.`, error);
      textfileTrouble.fire(file);
    };
    owned.add(keepTextfile(store, { vault, settings, clock, onTrouble }));
  };
  ledgerOpened.then(keepMetrics).catch((error: unknown) => {
    log.error('The metrics file cannot be updated.', error);
  });
  // A window takes part in the election from its start.
  ledgerOpened
    .then(() => gateway)
    .catch((error: unknown) => {
      log.error('The gateway reported an error.', error);
    });
  return {
    clock,
    log,
    ring,
    vault,
    ledger,
    ledgerOpened,
    ledgerFile,
    trail: opening.map((started) => started.trail),
    facts,
    guard,
    draftGuard: createDraftGuard(guard, resolver, redactor),
    listModels: createModelLister({
      ...sending,
      openKey: async (provider) => (await loadKeyOpener())(provider),
      ...{ redactor, facts },
    }),
    gateway,
    onGatewayCall: gatewayCall.event,
    onTextfileTrouble: textfileTrouble.event,
    shutDown: async () => {
      const left = gateway.then(
        (election) => election.shutDown(),
        () => undefined,
      );
      // The calls in progress may end by themselves. Then they are aborted, while there is still time to settle them.
      await within(clock, drainMs, () => left);
      await Promise.all([guard.shutDown(), left]);
      await opening.latest.then(
        (started) => started.finish(),
        () => undefined,
      );
    },
    dispose: () => {
      owned.dispose();
    },
  };
}
