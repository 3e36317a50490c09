import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { AuditFilter } from '../../observe/audit-filter.ts';
import { UsageFeed } from '../../observe/usage-report/feed.ts';
import type { ReportSettings } from '../../observe/usage-report/query.ts';
import type { ThreadMessage } from '../../observe/usage-report/report-thread-program.ts';
import { requestSchema, type CallFilter, type PanelMessage, type View } from '../../panel/panel-messages.ts';
import { sameView } from '../../panel/page/calls.ts';
import { parseSavedState } from '../../panel/page/saved-state.ts';
import { english } from '../../shared/l10n.ts';
import { panelLimits } from '../../shared/limits.ts';
import { SizeBudget } from '../../shared/size-budget.ts';
import { DisposableStore, type Disposable } from '../../shared/disposable.ts';
import type { Settings } from '../../settings/settings.ts';
import type { UsagePanelOptions } from './options.ts';

export interface PageHostOptions extends Pick<UsagePanelOptions, 'ledger' | 'ledgerFile' | 'clock'> {
  readonly settings: Pick<UsagePanelOptions['settings'], 'onDidChange'> & {
    readonly current: Pick<Settings, 'limits' | 'workspaceLimits' | 'tenant' | 'providers'>;
  };
  readonly log: Pick<UsagePanelOptions['log'], 'warn' | 'error' | 'clean'>;
  /** The script of the thread that reads reports. */
  readonly script: string;
  /** The state that VS Code kept of the page. */
  readonly state: unknown;
  readonly post: (message: PanelMessage) => void;
  readonly runCommand: (id: string) => Promise<void>;
  readonly showCalls: (store: LedgerStore, filter: AuditFilter) => Promise<void>;
}

const commandOf = {
  setUpProvider: 'callguard.configureProvider',
  trySandbox: 'callguard.trySandbox',
  showLog: 'callguard.showLog',
} as const;

/** Answers the requests of the usage panel's page. */
export class PageHost implements Disposable {
  readonly #options: PageHostOptions;
  readonly #owned = new DisposableStore();
  #opening: Promise<UsageFeed> | undefined;
  #feed: UsageFeed | undefined;
  #view: View | undefined;
  /** The view that the page will ask for. It is read and posted while the page loads, to save a round trip. */
  #ahead: View | undefined;

  constructor(options: PageHostOptions) {
    this.#options = options;
    const fits = new SizeBudget(panelLimits).refuse(options.state) === undefined;
    this.#ahead = parseSavedState(fits ? options.state : undefined).view;
    // The page gets the error when it asks.
    void this.#opened();
    this.#owned.add(
      options.settings.onDidChange(() => {
        this.#feed?.refreshSoon();
      }),
    );
  }

  /** Messages are checked, because a page is not part of the extension host. */
  async receive(message: unknown): Promise<void> {
    const tooLarge = new SizeBudget(panelLimits).refuse(message);
    const parsed = tooLarge === undefined ? requestSchema.safeParse(message) : undefined;
    if (parsed?.success !== true) {
      const problem = tooLarge?.(english) ?? parsed?.error.issues[0]?.message ?? '';
      this.#options.log.warn(`The usage panel sent an invalid message: ${problem}`);
      return;
    }
    const request = parsed.data;
    switch (request.kind) {
      case 'show':
        await this.#show(request.view);
        return;
      case 'openCalls':
        await this.#openCalls(request.filter);
        return;
      case 'run':
        await this.#options.runCommand(commandOf[request.action]);
    }
  }

  /** Call it when the page is hidden or closed. */
  pause(): void {
    this.#view = undefined;
    this.#ahead = undefined;
    this.#feed?.pause();
  }

  dispose(): void {
    this.#view = undefined;
    this.#ahead = undefined;
    this.#owned.dispose();
  }

  async #show(view: View): Promise<void> {
    this.#view = view;
    let feed;
    try {
      feed = await this.#opened();
    } catch (error) {
      // The code that opens the ledger has logged this.
      this.#sendProblem(error);
      return;
    }
    // While the ledger opened, the user may have chosen another view or closed the page.
    if (this.#view !== view) return;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    // Otherwise the answer is on its way.
    if (ahead === undefined || !sameView(ahead, view)) feed.show(view);
  }

  /** A ledger that could not be opened may be open the next time. */
  #opened(): Promise<UsageFeed> {
    const opening = (this.#opening ??= this.#options.ledger.then((store) => {
      this.#feed = this.#owned.add(this.#createFeed(store));
      if (this.#ahead !== undefined) this.#feed.show(this.#ahead);
      return this.#feed;
    }));
    opening.catch(() => {
      this.#opening = undefined;
    });
    return opening;
  }

  #createFeed(store: LedgerStore): UsageFeed {
    const { script, ledgerFile, settings, clock } = this.#options;
    return new UsageFeed({
      store,
      file: ledgerFile,
      script,
      settings: () => reportSettings(settings),
      clock,
      onMessage: (message) => {
        this.#send(message);
      },
    });
  }

  #send(message: ThreadMessage): void {
    const { log, post } = this.#options;
    if (message.kind === 'report') {
      post(message);
      return;
    }
    log.error('The usage could not be read.', message.error);
    this.#sendProblem(message.error);
  }

  #sendProblem(error: unknown): void {
    const { log, post } = this.#options;
    const message = log.clean(error instanceof Error ? error.message : String(error));
    post({ kind: 'problem', message });
  }

  async #openCalls({ outcome, ...filter }: CallFilter): Promise<void> {
    const outcomes = outcome === undefined ? undefined : [outcome];
    await this.#options.showCalls(await this.#options.ledger, { kind: 'call', ...filter, outcomes });
  }
}

function reportSettings({ current }: PageHostOptions['settings']): ReportSettings {
  const { limits, workspaceLimits, tenant, providers } = current;
  return {
    limits,
    workspaceLimits,
    tenant,
    providers: [...providers.usable.values()].map(({ id, limits: own, models }) => ({
      id,
      limits: own,
      models,
    })),
  };
}
