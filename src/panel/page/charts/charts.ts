import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { shownText } from '../../../shared/escape.ts';
import type { UsageReport } from '../../panel-messages.ts';
import { callsOf, callsOfGroup, wholeSpan } from '../calls.ts';
import { nameText, numberButton, type Scene } from '../parts.ts';
import type { ChartId } from '../saved-state.ts';
import { chartTitle, otherGroup } from '../page-text.ts';
import { chartCard } from './chart-card.ts';
import type { Bucket, ChartModel } from './chart-model.ts';

type Group = UsageReport['groups'][number];

/** The data of all charts. */
interface ChartSource {
  readonly scene: Scene;
  readonly report: UsageReport;
  readonly buckets: readonly Bucket[];
}

/** Charts of requests, tokens and cost by day or hour, of call durations and of the time to the first token. */
export function charts(scene: Scene, report: UsageReport): TemplateResult {
  const { numbers } = scene;
  const source: ChartSource = {
    scene,
    report,
    buckets: report.buckets.map(({ label }) => bucketOf(scene, label)),
  };
  return html`${amountChart(source, 'requests', ({ requests }) => requests, numbers.count, numbers.short)}
  ${amountChart(source, 'tokens', ({ tokens }) => tokens, numbers.count, numbers.short)}
  ${amountChart(source, 'cost', ({ costMicroUsd }) => costMicroUsd, numbers.cost, numbers.costMark)}
  ${timeChart(source, 'duration')} ${timeChart(source, 'firstContent')}`;
}

/** What the bars are split by. */
export function legend(report: UsageReport): TemplateResult {
  return html`<ul class="legend" aria-label=${l10n.t('Legend')}>
    ${report.groups.map(
      ({ name }, series) =>
        html`<li>
          <usage-swatch .series=${series}></usage-swatch>${name === undefined ? otherGroup() : nameText(name)}
        </li>`,
    )}
  </ul>`;
}

function amountChart(
  source: ChartSource,
  id: ChartId,
  read: (group: Group) => readonly number[],
  words: (value: number) => string,
  mark: (value: number) => string,
): TemplateResult {
  const { scene, report } = source;
  const { view, groups } = report;
  const series = groups.map((group) => ({
    name: group.name === undefined ? otherGroup() : shownText(group.name),
    values: read(group),
  }));
  const sum = series.flatMap(({ values }) => values).reduce((total, value) => total + value, 0);
  const span = wholeSpan(report) ?? report.today;
  const model: ChartModel = { ...modelOf(source, id), shape: 'bars', series, words, mark };
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

function timeChart(source: ChartSource, id: 'duration' | 'firstContent'): TemplateResult {
  const { scene, report } = source;
  const { numbers } = scene;
  const { p50, p95 } = report[id];
  const base = modelOf(source, id);
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
  { scene, report: { view, buckets: spans }, buckets }: ChartSource,
  id: ChartId,
): Pick<ChartModel, 'title' | 'buckets' | 'open'> {
  return {
    title: chartTitle(id),
    buckets,
    open: (at) => {
      const span = spans[at];
      if (span !== undefined) scene.openCalls(callsOf(view, span));
    },
  };
}

function bucketOf({ numbers }: Scene, label: string): Bucket {
  return { name: numbers.bucket(label), mark: numbers.bucketMark(label) };
}
