import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { installExtension, settingsFile, startCodeServer } from '../../../scripts/code-server.ts';
import type { CodeServerHome, RunningServer } from '../../../scripts/code-server.ts';
import { ensureVscodeServer } from '../../../scripts/vscode-server.ts';
import { callguardVsix } from '../../../scripts/vsix.ts';
import type { Disposable } from '../../../src/shared/disposable.ts';
import { freePort } from '../free-port.ts';
import { launchBrowserForVscode } from './browser.ts';
import { neededBuiltInExtensions } from './built-in-extensions.ts';
import { testEnvironment } from './environment.ts';
import { addWitness, evidenceTaken } from './evidence.ts';
import { startOfflineServer } from './offline-server.ts';
import { allProcesses, hasInEnvironment } from './processes.ts';
import type { Process } from './processes.ts';
import { isDefined, until } from './until.ts';
import { Window } from './window.ts';

export type Settings = Record<string, unknown>;
export type ThemeKind = keyof typeof themes;

export interface WorkbenchOptions {
  /** User settings, on top of those that keep the workbench quiet. */
  settings?: Settings;
  /** False: the workspace opens in Restricted Mode. True unless said otherwise. */
  trusted?: boolean;
  /** Files of the workspace, name to text. */
  files?: Record<string, string>;
  /** VSIX files to install; the packaged Callguard unless said otherwise. */
  extensions?: readonly string[];
  /** True: VS Code as people have it, with all its own extensions and what its editors do; otherwise what tests need. */
  isWhole?: boolean;
  /** Environment variables of the extension hosts. */
  env?: Record<string, string>;
}

const themes = {
  light: { id: 'Light 2026', cssClass: 'vs' },
  dark: { id: 'Dark 2026', cssClass: 'vs-dark' },
  highContrast: { id: 'Default High Contrast', cssClass: 'hc-black' },
  highContrastLight: { id: 'Default High Contrast Light', cssClass: 'hc-light' },
} as const;

const quietSettings: Settings = {
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  // It looks for a repository around each file that is opened.
  'git.enabled': false,
  // It lists the open files of all processes again and again to find ports.
  'remote.autoForwardPorts': false,
  'remote.autoForwardPortsSource': 'output',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  // A modal editor keeps the keyboard to itself: the palette does not open over it.
  'workbench.editor.useModal': 'off',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/** What is drawn again and again, and what looks at each text that is opened. */
const leanSettings: Settings = {
  'breadcrumbs.enabled': false,
  // VS Code's own assistant, whose agents have a process of their own.
  'chat.disableAIFeatures': true,
  'editor.bracketPairColorization.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.guides.indentation': false,
  'editor.lightbulb.enabled': 'off',
  'editor.occurrencesHighlight': 'off',
  'editor.quickSuggestions': 'off',
  'editor.stickyScroll.enabled': false,
  'workbench.tips.enabled': false,
};

/** Otherwise the server would compress, and the browser decompress, 23 MB for each window that opens. */
const extraHTTPHeaders = { 'accept-encoding': 'identity' };

/** A VS Code server with fresh data and the packaged Callguard, and a browser to look into it. */
export class Workbench {
  private readonly home: CodeServerHome;
  private readonly options: WorkbenchOptions;
  private readonly browser: Browser;
  /** One context: all windows share what VS Code keeps in the browser, secrets for instance. */
  private readonly context: BrowserContext;
  private readonly mark: string;
  private server: RunningServer;
  private settings: Settings;
  private readonly witness: Disposable;

  private constructor(parts: WorkbenchParts, server: RunningServer) {
    this.home = parts.home;
    this.options = parts.options;
    this.browser = parts.browser;
    this.context = parts.context;
    this.mark = parts.mark;
    this.settings = settingsOf(parts.options);
    this.server = server;
    this.witness = addWitness({ capture: (prefix) => this.capture(prefix) });
  }

  static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
    const { entry } = await ensureVscodeServer(console.log);
    const home = { entry, folder: await mkdtemp(path.join(tmpdir(), 'callguard-workbench-')) };
    await writeSettings(home, settingsOf(options));
    await mkdir(path.join(home.folder, 'workspace'));
    for (const [name, text] of Object.entries(options.files ?? {})) {
      const file = path.join(home.folder, 'workspace', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const mark = randomUUID();
    const installAndStart = async () => {
      for (const vsix of options.extensions ?? [callguardVsix]) await installExtension(home, vsix);
      return startServerOf(home, options, mark, await freePort());
    };
    const [server, browser] = await Promise.all([installAndStart(), launchBrowserForVscode()]);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, extraHTTPHeaders });
    return new Workbench({ home, options, browser, context, mark }, server);
  }

  get workspace(): string {
    return path.join(this.home.folder, 'workspace');
  }

  /** Where this VS Code keeps everything: user settings, storage of extensions, logs, installed extensions. */
  get folder(): string {
    return this.home.folder;
  }

  /** The user's settings, as they are on disk. */
  async readSettings(): Promise<Settings> {
    // VS Code writes the file in place, so for a moment it is empty, cut, or ends as the longer one before.
    return until(
      'settings that are written to their end',
      async () => parseWhole(await readFile(settingsFile(this.home), 'utf8')),
      isDefined,
    );
  }

  /** All that VS Code keeps in the browser: cookies, local storage, IndexedDB. */
  async browserStorage(): Promise<string> {
    return JSON.stringify(await this.context.storageState({ indexedDB: true }));
  }

  get url(): string {
    return this.server.url;
  }

  /** Opens one more window, on the workspace unless another folder or a `.code-workspace` file is given. */
  async openWindow(target = this.workspace): Promise<Window> {
    const window = new Window(await this.context.newPage());
    const kind = target.endsWith('.code-workspace') ? 'workspace' : 'folder';
    await window.page.goto(`${this.server.url}/?${kind}=${encodeURIComponent(target)}`);
    await window.waitUntilOpen();
    return window;
  }

  /**
   * Changes user settings in a window's settings editor; `undefined` removes one. That window obeys at once, others
   * after a reload: code-server does not tell windows of changes of the file.
   */
  async changeSettings(window: Window, changes: Settings): Promise<void> {
    this.settings = { ...this.settings, ...changes };
    const text = toText(this.settings);
    await window.replaceUserSettings(
      text,
      async () => (await readFile(settingsFile(this.home), 'utf8')) === text,
    );
  }

  async setTheme(window: Window, kind: ThemeKind): Promise<void> {
    const { id, cssClass } = themes[kind];
    await this.changeSettings(window, { 'workbench.colorTheme': id });
    await window.page.locator(`.monaco-workbench.${cssClass}`).waitFor();
  }

  /**
   * Stops the server and starts it again at the same address, with another environment if one is given. Windows that
   * are open have to be reloaded.
   */
  async restartServer(env = this.options.env ?? {}): Promise<void> {
    await this.restartBy(startCodeServer, env);
  }

  /** The same, on a machine that has no network: nothing outside of VS Code can be reached from within. */
  async restartOffline(): Promise<void> {
    await this.restartBy(startOfflineServer);
  }

  private async restartBy(start: typeof startCodeServer, env = this.options.env ?? {}): Promise<void> {
    await this.server.stop();
    const port = Number(new URL(this.url).port);
    this.server = await startServerOf(this.home, { ...this.options, env }, this.mark, port, start);
  }

  /** Installs an extension, in place of an older version of it. Windows that are open have to be reloaded. */
  async install(vsix: string): Promise<void> {
    await installExtension(this.home, vsix);
  }

  /** Every process that was started by this workbench's server, directly or not, detached or not. */
  async processes(): Promise<Process[]> {
    const all = await allProcesses();
    const marked = await Promise.all(all.map(({ pid }) => hasInEnvironment(pid, this.mark)));
    return all.filter(({ group }, index) => marked[index] === true || group === this.server.group.id);
  }

  /** The extension hosts' processes, when there are as many as there should be: one for each window. */
  async extensionHosts(count: number): Promise<Process[]> {
    return until(
      `${count} extension host(s)`,
      async () => (await this.processes()).filter(({ command }) => command.includes('--type=extensionHost')),
      (hosts) => hosts.length === count,
    );
  }

  async stop(): Promise<void> {
    this.witness.dispose();
    await evidenceTaken();
    await this.browser.close();
    await this.server.stop();
    await rm(this.home.folder, { recursive: true, force: true });
  }

  private async capture(prefix: string): Promise<string[]> {
    const pages = this.context.pages();
    const files = pages.map((_, index) => `${prefix}-${index + 1}.png`);
    await Promise.all(pages.map((page, index) => page.screenshot({ path: files[index] ?? prefix })));
    return files;
  }
}

interface WorkbenchParts {
  home: CodeServerHome;
  options: WorkbenchOptions;
  browser: Browser;
  context: BrowserContext;
  mark: string;
}

async function startServerOf(
  home: CodeServerHome,
  { env, trusted = true, isWhole = false }: WorkbenchOptions,
  mark: string,
  port: number,
  start = startCodeServer,
): Promise<RunningServer> {
  const few = isWhole ? [] : [`builtin-extensions-dir=${await neededBuiltInExtensions()}`];
  return start(home, {
    port,
    workspaceTrust: !trusted,
    env: { ...testEnvironment, ...env, CALLGUARD_TEST_RUN: mark },
    vscodeOptions: ['disable-websocket-compression=true', ...few],
  });
}

function settingsOf({ settings, isWhole = false }: WorkbenchOptions): Settings {
  return { ...quietSettings, ...(isWhole ? {} : leanSettings), ...settings };
}

async function writeSettings(home: CodeServerHome, settings: Settings): Promise<void> {
  const file = settingsFile(home);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, toText(settings));
}

/** The settings of a text; undefined if it is not, or not only, one whole object. */
function parseWhole(text: string): Settings | undefined {
  try {
    return JSON.parse(text) as Settings;
  } catch (failure) {
    if (failure instanceof SyntaxError) return undefined;
    throw failure;
  }
}

function toText(settings: Settings): string {
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
