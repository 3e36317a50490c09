import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { knownMicroUsd } from '../../observe/known-cost.ts';
import { successPercent } from '../../observe/success.ts';
import type { UsageReport } from '../panel-messages.ts';
import { callsOf, wholeSpan, type Narrowed } from './calls.ts';
import { grid, type Column } from './grid.ts';
import { sortModels, type ModelRow, type SortColumn } from './model-sort.ts';
import { costWords } from './page-text.ts';
import { icon, modelName, numberButton, type Content, type Scene } from './parts.ts';

/** Every model of the range, sorted as the user chooses. */
export function models(scene: Scene, report: UsageReport): TemplateResult {
  const title = l10n.t('Models');
  return html`<section class="card wide" aria-labelledby="models-title">
    <div class="head"><h2 id="models-title">${title}</h2></div>
    ${grid({
      caption: title,
      className: 'grid models',
      columns: columnsOf(scene, report),
      rows: sortModels(report.models, scene.saved.sort, scene.names),
      key: ({ provider, model }) => JSON.stringify([provider, model]),
    })}
  </section>`;
}

function columnsOf(scene: Scene, report: UsageReport): Column<ModelRow>[] {
  const { numbers } = scene;
  const span = wholeSpan(report) ?? report.today;
  const leads = (row: ModelRow, text: string | undefined, narrowed: Narrowed = {}): Content => {
    const { provider, model } = row;
    if (text === undefined) return '–';
    return numberButton(text, () => {
      scene.openCalls(callsOf(report.view, span, { provider, model, ...narrowed }));
    });
  };
  const column = (id: SortColumn, label: string, cell: (row: ModelRow) => Content): Column<ModelRow> => ({
    id,
    label,
    title: sortButton(scene, id, label),
    align: id === 'model' ? 'start' : 'end',
    sort: sortState(scene, id),
    cell,
  });
  const known = (value: number | null, words: (value: number) => string) =>
    value === null ? undefined : words(value);
  return [
    column('model', l10n.t('Model'), (row) => modelName(row.provider, row.model)),
    column('requests', l10n.t('Requests'), (row) => leads(row, numbers.count(row.requests))),
    column('success', l10n.t('Success'), (row) =>
      leads(row, known(successPercent(row), numbers.percent), { outcome: 'done' }),
    ),
    column('failed', l10n.t('Failed'), (row) =>
      row.failed === 0 ? '0' : leads(row, numbers.count(row.failed), { outcome: 'failed' }),
    ),
    column(
      'inputTokens',
      l10n.t('Input'),
      (row) => html`${leads(row, numbers.short(row.inputTokens))}${cached(scene, row)}`,
    ),
    column('outputTokens', l10n.t('Output'), (row) => leads(row, numbers.short(row.outputTokens))),
    column('cost', l10n.t('Cost'), (row) => leads(row, costOf(scene, row))),
    column('durationP50', l10n.t('p50'), (row) => leads(row, known(row.durationP50Ms, numbers.duration))),
    column('durationP95', l10n.t('p95'), (row) => leads(row, known(row.durationP95Ms, numbers.duration))),
  ];
}

function sortState({ saved: { sort } }: Scene, column: SortColumn): 'ascending' | 'descending' | 'none' {
  if (sort.column !== column) return 'none';
  return sort.descending ? 'descending' : 'ascending';
}

function sortButton(scene: Scene, column: SortColumn, label: string): TemplateResult {
  const state = sortState(scene, column);
  const sort = () => {
    scene.sortBy(column);
  };
  return html`<button class="sort" type="button" tabindex="-1" @click=${sort}>
    <span>${label}</span
    >${state === 'none' ? nothing : icon(state === 'ascending' ? 'arrow-up' : 'arrow-down')}
  </button>`;
}

function cached({ numbers }: Scene, row: ModelRow): Content | typeof nothing {
  if (row.cachedInputTokens === 0) return nothing;
  return html`<span class="quiet cached"
    >${l10n.t('{0} cached', numbers.short(row.cachedInputTokens))}</span
  >`;
}

function costOf({ numbers }: Scene, row: ModelRow): string | undefined {
  const cost = knownMicroUsd(row);
  if (cost === null) return undefined;
  return costWords(numbers.cost(cost), row);
}
