import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { grid, type Column } from '../grid.ts';
import { icon, numberButton, type Content, type Scene } from '../parts.ts';
import type { ChartId } from '../saved-state.ts';
import { totalOf, type ChartModel } from './chart-model.ts';

export interface Card {
  readonly id: ChartId;
  readonly model: ChartModel;
  /** Stands beside the title: the number for the whole range. */
  readonly total?: Content;
  /** Opens the calls of one series in a bucket; undefined for a series without a name. */
  readonly openSeries: (bucket: number, series: number) => (() => void) | undefined;
}

/** A chart, or the table with its numbers. */
export function chartCard(scene: Scene, card: Card): TemplateResult {
  const { id, model, total } = card;
  const asTable = scene.saved.tables.includes(id);
  const label = l10n.t('Show as table: {0}', model.title);
  return html`<section class="card" aria-labelledby=${`${id}-title`}>
    <div class="head">
      <h2 id=${`${id}-title`}>${model.title}</h2>
      ${total === undefined ? nothing : html`<span class="total">${total}</span>`}
      <button
        class="tool"
        type="button"
        aria-pressed=${asTable ? 'true' : 'false'}
        aria-label=${label}
        title=${label}
        @click=${() => {
          scene.toggleTable(id);
        }}
      >
        ${icon(asTable ? 'graph' : 'table')}
      </button>
    </div>
    ${
      asTable
        ? html`<div class="scroll">${table(card)}</div>`
        : html`<usage-chart class="chart" aria-describedby="chart-hint" .model=${model}></usage-chart>`
    }
  </section>`;
}

/** The newest bucket first. */
function table({ model, openSeries }: Card): TemplateResult {
  const rows = model.buckets.map((bucket, index) => ({ ...bucket, index })).reverse();
  type Row = (typeof rows)[number];
  const when = l10n.t('When');
  const leads = (value: number | null, open: (() => void) | undefined): Content => {
    if (value === null) return '–';
    const text = model.words(value);
    return open === undefined || value === 0 ? text : numberButton(text, open);
  };
  const ofSeries = model.series.map(({ name, values }, series): Column<Row> => ({
    id: String(series),
    label: name,
    title: html`<bdi>${name}</bdi>`,
    align: 'end',
    cell: ({ index }) => leads(values[index] ?? null, openSeries(index, series)),
  }));
  const total: Column<Row> = {
    id: 'total',
    label: l10n.t('Total'),
    title: l10n.t('Total'),
    align: 'end',
    cell: ({ index }) =>
      leads(totalOf(model, index), () => {
        model.open(index);
      }),
  };
  return grid({
    caption: model.title,
    className: 'grid',
    columns: [
      { id: 'when', label: when, title: when, align: 'start', cell: ({ name }) => name },
      ...(model.shape === 'bars' ? [total] : []),
      ...ofSeries,
    ],
    rows,
    key: ({ name, index }) => `${index} ${name}`,
  });
}
