import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { panelBuild } from '../../../esbuild.panel.mjs';
import { root } from '../../../scripts/paths.ts';
import * as z from 'zod';
import { requestSchema, type PanelRequest, type UsageReport } from '../../../src/panel/panel-messages.ts';
import { pageHtml } from '../../../src/panel/page-html.ts';
import { launchBrowser } from '../vscode/browser.ts';
import { themes, type ThemeName } from './themes.ts';

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly language?: string;
  readonly reducedMotion?: boolean;
  /** What VS Code kept of the page. */
  readonly state?: unknown;
}

const nonce = 'for-tests-only';

/** The page as it is shipped, served as VS Code serves it, in a real browser. */
export class PanelTrial {
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #axe: string;

  private constructor(server: Server, browser: Browser, axe: string) {
    this.#server = server;
    this.#browser = browser;
    this.#axe = axe;
  }

  static async start(): Promise<PanelTrial> {
    const { outputFiles } = await build({ ...panelBuild(true), outdir: '/panel', write: false });
    const files = new Map(outputFiles.map((file) => [`/${path.basename(file.path)}`, file.contents]));
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const file = files.get(pathname);
      if (file !== undefined) {
        response.setHeader('content-type', contentTypes[path.extname(pathname)] ?? '');
        response.end(file);
        return;
      }
      response.statusCode = pathname === '/' ? 200 : 404;
      response.setHeader('content-type', 'text/html');
      response.end(
        pathname === '/' ? htmlIn(searchParams.get('language') ?? 'en') : 'There is nothing here.',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const axe = await readFile(path.join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
    return new PanelTrial(server, await launchBrowser(), axe);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async open(options: PanelOptions = {}): Promise<PanelPage> {
    const { theme = 'dark', width = 1280, height = 900, language = 'en', reducedMotion = false } = options;
    const context = await this.#browser.newContext({
      viewport: { width, height },
      timezoneId: 'UTC',
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    });
    const page = await context.newPage();
    const panel = new PanelPage(page, this.#axe);
    await page.addInitScript(
      `(${standIn})(${JSON.stringify({ theme: themes[theme], state: options.state })})`,
    );
    const { port } = this.#server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/?language=${language}`);
    return panel;
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

function htmlIn(language: string): string {
  return pageHtml({
    language,
    title: 'Callguard Usage',
    script: '/panel.js',
    style: '/panel.css',
    source: "'self'",
    nonce,
    texts: language === 'de' ? { Requests: 'Anfragen' } : {},
  });
}

/** What VS Code gives to a page: its API, and the theme. Runs in the page, before any of its scripts. */
const standIn = `({ theme, state }) => {
  const world = { sent: [], state, policy: [] };
  globalThis.trial = world;
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => { world.sent.push(JSON.parse(JSON.stringify(message))); },
    getState: () => world.state,
    setState: (next) => { world.state = JSON.parse(JSON.stringify(next)); },
  });
  document.addEventListener('securitypolicyviolation', (event) => {
    world.policy.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample);
  });
  world.wear = ({ variables, classes, kind }) => {
    for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
    document.body.className = classes;
    document.body.dataset.vscodeThemeKind = kind;
  };
  // After the document is parsed, and before its module is run.
  document.addEventListener('readystatechange', () => {
    if (document.readyState === 'interactive') world.wear(theme);
  });
}`;

/** One page of the panel. */
export class PanelPage {
  readonly page: Page;
  readonly #axe: string;
  /** Uncaught errors, and the errors in the console. */
  readonly errors: string[] = [];

  constructor(page: Page, axe: string) {
    this.page = page;
    this.#axe = axe;
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.errors.push(message.text());
    });
  }

  /**
   * Sends a message to the page and waits until it is drawn, which is after the callbacks of a frame. Parsing JSON is
   * faster than parsing a script with the same value.
   */
  async send(message: unknown): Promise<void> {
    await this.page.evaluate(`new Promise((done) => {
      addEventListener('message', () => { requestAnimationFrame(() => { setTimeout(done); }); }, { once: true });
      postMessage(JSON.parse(${JSON.stringify(JSON.stringify(message))}));
    })`);
  }

  async report(report: UsageReport): Promise<void> {
    await this.send({ kind: 'report', report });
  }

  /** What the page has sent, read as the extension reads it. */
  async sent(): Promise<PanelRequest[]> {
    return z.array(requestSchema).parse(await this.page.evaluate('trial.sent'));
  }

  /** What VS Code would keep of the page. */
  async state(): Promise<unknown> {
    return this.page.evaluate('trial.state');
  }

  async policyViolations(): Promise<unknown> {
    return this.page.evaluate('trial.policy');
  }

  async wear(theme: ThemeName): Promise<void> {
    await this.page.evaluate(`trial.wear(${JSON.stringify(themes[theme])})`);
  }

  /** What axe finds wrong, as 'rule: element', one each. */
  async axeViolations(): Promise<string[]> {
    await this.page.evaluate(this.#axe);
    const { violations } = await this.page.evaluate<AxeResults>('axe.run()');
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
    );
  }

  /** Where the keyboard is, in words. */
  async focused(): Promise<string> {
    return String(await this.page.evaluate(focusedWords));
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

const focusedWords = `(() => {
  let at = document.activeElement;
  if (at === null || at === document.body) return 'nothing';
  const grid = at.closest('table[role=grid]');
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const role = at.getAttribute('role') ?? at.localName;
  const name = at.getAttribute('aria-label') ?? at.textContent.trim().replaceAll(/\\s+/g, ' ');
  return (grid === null ? '' : grid.caption.textContent.trim() + ' / ') + role + ' ' + name;
})()`;
