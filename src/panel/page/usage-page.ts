import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit';
import * as z from 'zod/mini';
import { panelMessageSchema, type PanelRequest, type UsageReport, type View } from '../panel-messages.ts';
import { sameView } from './calls.ts';
import { charts, legend } from './charts/charts.ts';
import { filters } from './filters.ts';
import { moveInGrids, settleGrids } from './grid-keys.ts';
import type { Host } from './page-environment.ts';
import { keepFocus } from './keep-focus.ts';
import { nextSort } from './model-sort.ts';
import { models } from './models.ts';
import { emptyState, noCalls, problemNotice } from './notices.ts';
import type { Numbers } from './numbers.ts';
import type { Scene } from './parts.ts';
import { refusals } from './refusals.ts';
import { parseSavedState, type SavedState } from './saved-state.ts';
import { tiles } from './tiles.ts';
import { callers } from './callers.ts';
import { callsWords, rangeWords } from './page-text.ts';

/** The whole page: the data it received, the user's choices, and how both are shown. */
export class UsagePage {
  readonly #root: HTMLElement;
  readonly #host: Host;
  readonly #numbers: Numbers;
  readonly #names: Intl.Collator;
  #saved: SavedState;
  #report: UsageReport | undefined;
  #problem: string | undefined;
  /** True between the request for a view and its first report. */
  #waiting = false;
  #frame = 0;

  constructor(root: HTMLElement, host: Host, numbers: Numbers, names: Intl.Collator) {
    this.#root = root;
    this.#host = host;
    this.#numbers = numbers;
    this.#names = names;
    this.#saved = parseSavedState(host.getState());
    moveInGrids(root);
  }

  /** Requests a report, and shows progress unless the report arrives before the next frame. */
  start(): void {
    this.#ask();
    this.#renderSoon();
  }

  /** Takes a message from the extension. An invalid one is shown as a problem. */
  receive(data: unknown): void {
    const parsed = panelMessageSchema.safeParse(data);
    if (!parsed.success) {
      this.#problem = l10n.t(
        'The usage panel received an invalid message: {0}',
        z.prettifyError(parsed.error),
      );
    } else if (parsed.data.kind === 'problem') {
      this.#problem = parsed.data.message;
      this.#waiting = false;
    } else {
      // A report of the earlier view may arrive after the user chose another one.
      if (!sameView(parsed.data.report.view, this.#saved.view)) return;
      this.#report = parsed.data.report;
      this.#problem = undefined;
      this.#waiting = false;
    }
    this.#renderSoon();
  }

  #ask(): void {
    this.#waiting = true;
    this.#send({ kind: 'show', view: this.#saved.view });
  }

  #send(request: PanelRequest): void {
    this.#host.postMessage(request);
  }

  #save(changes: Partial<SavedState>): void {
    this.#saved = { ...this.#saved, ...changes };
    this.#host.setState(this.#saved);
  }

  #scene(): Scene {
    const { tables, sort, view } = this.#saved;
    return {
      numbers: this.#numbers,
      names: this.#names,
      saved: this.#saved,
      openCalls: (filter) => {
        this.#send({ kind: 'openCalls', filter });
      },
      run: (action) => {
        this.#send({ kind: 'run', action });
      },
      changeView: (changes: Partial<View>) => {
        this.#save({ view: { ...view, ...changes } });
        this.#ask();
        this.#render();
      },
      toggleTable: (chart) => {
        const others = tables.filter((shown) => shown !== chart);
        this.#save({ tables: others.length < tables.length ? others : [...tables, chart] });
        this.#render();
      },
      sortBy: (column) => {
        this.#save({ sort: nextSort(sort, column) });
        this.#render();
      },
    };
  }

  /** Renders with the next frame: of several messages that come together, only the last one is drawn. */
  #renderSoon(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#render();
    });
  }

  #render(): void {
    keepFocus(this.#root, () => {
      this.#root.setAttribute('aria-busy', String(this.#waiting));
      render(this.#content(), this.#root);
    });
    settleGrids(this.#root);
  }

  #content(): TemplateResult {
    const scene = this.#scene();
    const report = this.#report;
    const problem = this.#problem;
    const isEmpty = report?.empty === true;
    return html`${
        this.#waiting && problem === undefined
          ? html`<vscode-progress-bar aria-label=${l10n.t('Reading the ledger')}></vscode-progress-bar>`
          : nothing
      }
      <header>
        <h1>${l10n.t('Usage')}</h1>
        ${isEmpty ? nothing : filters(scene, report?.choices)}
      </header>
      ${problem === undefined ? nothing : problemNotice(scene, problem, report?.nowMs)}
      <p class="unseen" role="status">${report === undefined ? '' : summary(scene, report, this.#waiting)}</p>
      ${report === undefined ? nothing : body(scene, report, problem !== undefined)}`;
  }
}

function body(scene: Scene, report: UsageReport, old: boolean): TemplateResult {
  if (report.empty) return emptyState(scene);
  const hasCalls = callCount(report) > 0 || report.refusals.length > 0;
  return html`<div class=${old ? 'body old' : 'body'}>
    ${tiles(scene, report)}
    ${
      hasCalls
        ? html`${report.groups.length > 1 ? legend(report) : nothing}
            <div class="cards">${charts(scene, report)} ${refusals(scene, report)}</div>
            ${models(scene, report)} ${callers(scene, report)}`
        : noCalls(scene)
    }
    <p class="unseen" id="chart-hint">
      ${l10n.t('Use the arrow keys to move through time. Press Enter to show the calls.')}
    </p>
    ${
      report.partial
        ? html`<p class="quiet partial">
            ${l10n.t('Older calls are still loading. Times and refusals are incomplete.')}
          </p>`
        : nothing
    }
  </div>`;
}

/** The announcement of a screen reader after the view has changed. */
function summary({ numbers }: Scene, report: UsageReport, waiting: boolean): string {
  if (waiting) return l10n.t('Reading the ledger');
  const calls = callCount(report);
  return `${rangeWords(report.view.range)}: ${callsWords(calls, numbers.count(calls))}`;
}

function callCount({ groups }: UsageReport): number {
  return groups.flatMap(({ requests }) => requests).reduce((sum, count) => sum + count, 0);
}
