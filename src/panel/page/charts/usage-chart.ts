import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import { entriesOf, totalOf, type ChartModel } from './chart-model.ts';
import { onThemeChange } from './palette.ts';
import { createPlot, plotData } from './plot.ts';

const heightPx = 172;
const bucketsAPage = 7;

/**
 * A chart for mouse and keyboard. To a screen reader it is a slider over its buckets, whose value is the text of one
 * bucket. Enter or a click opens the calls of the bucket.
 */
class UsageChart extends HTMLElement {
  #model: ChartModel | undefined;
  #plot: uPlot | undefined;
  #bucket: number | null = null;
  /** In CSS pixels; 0 until the page is laid out, and if there is no room. */
  #width = 0;
  #away = new AbortController();
  readonly #frame = document.createElement('div');
  readonly #column = document.createElement('div');
  readonly #tip = document.createElement('div');

  constructor() {
    super();
    this.#column.className = 'column';
    this.#tip.className = 'tip';
    this.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.addEventListener('focus', () => {
      if (this.#bucket === null) this.#point(this.#last);
    });
    this.addEventListener('blur', () => {
      this.#point(null);
    });
    this.addEventListener('click', () => {
      if (this.#bucket !== null) this.#model?.open(this.#bucket);
    });
  }

  set model(model: ChartModel) {
    const before = this.#model;
    this.#model = model;
    if (!this.isConnected) return;
    if (before?.shape === model.shape && before.series.length === model.series.length) {
      this.#plot?.setData(plotData(model));
      if (this.#bucket !== null && this.#bucket > this.#last) this.#point(this.#last);
    } else {
      this.#draw();
    }
    this.#describe();
  }

  connectedCallback(): void {
    this.#away = new AbortController();
    this.tabIndex = 0;
    this.setAttribute('role', 'slider');
    if (!this.contains(this.#frame)) this.append(this.#frame, this.#tip);
    // The first call comes when the page is laid out but not drawn yet. Asking for the width earlier would cost a
    // layout.
    const resized = new ResizeObserver(([entry]) => {
      this.#width = Math.floor(entry?.contentRect.width ?? 0);
      if (this.#plot === undefined) this.#draw();
      else if (this.#width > 0) this.#plot.setSize({ width: this.#width, height: heightPx });
    });
    resized.observe(this);
    this.#away.signal.addEventListener('abort', () => {
      resized.disconnect();
    });
    onThemeChange(() => {
      this.#draw();
    }, this.#away.signal);
    this.#describe();
  }

  disconnectedCallback(): void {
    this.#away.abort();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  get #last(): number {
    return (this.#model?.buckets.length ?? 0) - 1;
  }

  #draw(): void {
    const model = this.#model;
    this.#plot?.destroy();
    this.#plot = undefined;
    if (model === undefined || this.#width === 0) return;
    const ports = {
      model: () => this.#model ?? model,
      onCursor: (bucket: number | null) => {
        this.#bucket = bucket;
        this.#describe();
      },
    };
    this.#plot = createPlot(ports, this.#frame, { width: this.#width, height: heightPx });
    this.#plot.over.append(this.#column);
    if (this.#bucket !== null) this.#point(this.#bucket);
  }

  /** Moves the cursor to a bucket, or removes it. */
  #point(bucket: number | null): void {
    const plot = this.#plot;
    if (plot === undefined) return;
    if (bucket === null) plot.setCursor({ left: -10, top: -10 });
    else plot.setCursor({ left: plot.valToPos(bucket, 'x'), top: plot.over.clientHeight / 2 });
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#bucket ?? this.#last;
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1 }[event.key];
    const far = { PageDown: at - bucketsAPage, PageUp: at + bucketsAPage, Home: 0, End: this.#last }[
      event.key
    ];
    const target = to ?? far;
    if (target !== undefined) this.#point(Math.min(this.#last, Math.max(0, target)));
    else if (event.key === 'Enter' || event.key === ' ') this.#model?.open(at);
    else if (event.key === 'Escape') this.#point(null);
    else return;
    event.preventDefault();
  }

  /** Shows and announces the bucket at the cursor, or the last one if there is no cursor. */
  #describe(): void {
    const model = this.#model;
    if (model === undefined) return;
    const at = Math.min(this.#bucket ?? this.#last, this.#last);
    this.setAttribute('aria-label', model.title);
    this.setAttribute('aria-valuemin', '0');
    this.setAttribute('aria-valuemax', String(Math.max(0, this.#last)));
    this.setAttribute('aria-valuenow', String(Math.max(0, at)));
    this.setAttribute('aria-valuetext', valueText(model, at));
    const shown = this.#bucket !== null;
    render(shown ? tip(model, at) : nothing, this.#tip);
    this.#tip.hidden = this.#column.hidden = !shown;
    if (shown) this.#place(at);
  }

  #place(bucket: number): void {
    const plot = this.#plot;
    if (plot === undefined) return;
    const width = plot.over.clientWidth / Math.max(1, this.#last + 1);
    const middle = plot.valToPos(bucket, 'x');
    this.#column.style.width = `${width}px`;
    this.#column.style.transform = `translateX(${middle - width / 2}px)`;
    // Placed beside the column, on the side with more room.
    const inFrame = plot.over.offsetLeft + middle;
    const right = inFrame < this.clientWidth / 2;
    const left = right ? inFrame + width / 2 + 4 : inFrame - width / 2 - 4 - this.#tip.offsetWidth;
    const mostLeft = this.clientWidth - this.#tip.offsetWidth;
    this.#tip.style.transform = `translateX(${Math.max(0, Math.min(left, mostLeft))}px)`;
  }
}

function valueText(model: ChartModel, bucket: number): string {
  const name = model.buckets[bucket]?.name ?? '';
  const entries = entriesOf(model, bucket).map((entry) => `${entry.name} ${model.words(entry.value)}`);
  if (model.shape === 'lines') return [name, entries.join(', ') || l10n.t('no data')].join(': ');
  return [`${name}: ${model.words(totalOf(model, bucket))}`, ...(entries.length > 1 ? entries : [])].join(
    ', ',
  );
}

function tip(model: ChartModel, bucket: number): TemplateResult {
  const entries = entriesOf(model, bucket);
  // In stacking order: the first one is at the bottom.
  const stacked = model.shape === 'bars' ? entries.toReversed() : entries;
  return html`<p class="when">
      <span>${model.buckets[bucket]?.name}</span>
      ${model.shape === 'bars' ? html`<strong>${model.words(totalOf(model, bucket))}</strong>` : nothing}
    </p>
    ${stacked.map(
      ({ series, name, value }) =>
        html`<p>
          <usage-swatch .series=${series} .shape=${model.shape}></usage-swatch>
          <bdi>${name}</bdi><span>${model.words(value)}</span>
        </p>`,
    )}
    ${model.shape === 'lines' && entries.length === 0 ? html`<p>${l10n.t('no data')}</p>` : nothing}`;
}

customElements.define('usage-chart', UsageChart);
