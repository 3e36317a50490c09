import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { shownText } from '../../../observe/escape.ts';
import type { UsageReport } from '../../messages.ts';
import { callsOf, callsOfGroup, wholeSpan } from '../calls.ts';
import { nameText, numberButton, type Scene } from '../parts.ts';
import type { ChartId } from '../saved-state.ts';
import { chartTitle, otherGroup } from '../words.ts';
import { chartCard } from './chart-card.ts';
import type { Bucket, ChartModel } from './chart-model.ts';

type Group = UsageReport['groups'][number];

/** Requests, tokens and cost by day or hour. */
export function amountCharts(scene: Scene, report: UsageReport): TemplateResult {
  const { numbers } = scene;
  return html`${amountChart(scene, report, 'requests', ({ requests }) => requests, numbers.count, numbers.short)}
  ${amountChart(scene, report, 'tokens', ({ tokens }) => tokens, numbers.count, numbers.short)}
  ${amountChart(scene, report, 'cost', ({ costMicroUsd }) => costMicroUsd, numbers.cost, numbers.costMark)}`;
}

/** How long calls took, and how long to the first token. */
export function timeCharts(scene: Scene, report: UsageReport): TemplateResult {
  return html`${timeChart(scene, report, 'duration')} ${timeChart(scene, report, 'firstContent')}`;
}

/** What the bars of the charts are stacked of. */
export function legend(report: UsageReport): TemplateResult {
  return html`<ul class="legend" aria-label=${l10n.t('What the bars are stacked of')}>
    ${report.groups.map(
      ({ name }, series) =>
        html`<li>
          <usage-swatch .series=${series}></usage-swatch>${name === undefined ? otherGroup() : nameText(name)}
        </li>`,
    )}
  </ul>`;
}

function amountChart(
  scene: Scene,
  report: UsageReport,
  id: ChartId,
  read: (group: Group) => readonly number[],
  words: (value: number) => string,
  mark: (value: number) => string,
): TemplateResult {
  const { view, groups } = report;
  const series = groups.map((group) => ({
    name: group.name === undefined ? otherGroup() : shownText(group.name),
    values: read(group),
  }));
  const sum = series.flatMap(({ values }) => values).reduce((total, value) => total + value, 0);
  const span = wholeSpan(report) ?? report.today;
  const model: ChartModel = { ...modelOf(scene, report, id), shape: 'bars', series, words, mark };
  return chartCard(scene, {
    id,
    model,
    total: numberButton(
      words(sum),
      () => {
        scene.openCalls(callsOf(view, span));
      },
      'alone',
    ),
    openSeries: (at, which) => {
      const [bucket, name] = [report.buckets[at], groups[which]?.name];
      if (bucket === undefined || name === undefined) return undefined;
      return () => {
        scene.openCalls(callsOf(view, bucket, callsOfGroup(name, view.stackBy)));
      };
    },
  });
}

function timeChart(scene: Scene, report: UsageReport, id: 'duration' | 'firstContent'): TemplateResult {
  const { numbers } = scene;
  const { p50, p95 } = report[id];
  const base = modelOf(scene, report, id);
  const model: ChartModel = {
    ...base,
    shape: 'lines',
    series: [
      { name: l10n.t('p50'), values: p50 },
      { name: l10n.t('p95'), values: p95 },
    ],
    words: numbers.duration,
    mark: numbers.duration,
  };
  const key = html`<span class="quiet lines">
    ${model.series.map(
      ({ name }, series) =>
        html`<span><usage-swatch .series=${series} .shape=${'lines'}></usage-swatch>${name}</span>`,
    )}
  </span>`;
  return chartCard(scene, {
    id,
    model,
    total: key,
    openSeries: (at) => () => {
      model.open(at);
    },
  });
}

function modelOf(
  scene: Scene,
  { view, buckets }: UsageReport,
  id: ChartId,
): Pick<ChartModel, 'title' | 'buckets' | 'open'> {
  const { numbers } = scene;
  return {
    title: chartTitle(id),
    buckets: buckets.map(({ label }): Bucket => ({
      name: numbers.bucket(label),
      mark: numbers.bucketMark(label),
    })),
    open: (at) => {
      const bucket = buckets[at];
      if (bucket !== undefined) scene.openCalls(callsOf(view, bucket));
    },
  };
}
