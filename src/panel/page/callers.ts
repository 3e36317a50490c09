import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { knownMicroUsd } from '../../observe/known-cost.ts';
import type { UsageReport } from '../panel-messages.ts';
import { callsOf, wholeSpan } from './calls.ts';
import { grid, type Column } from './grid.ts';
import { callerWords, costWords } from './page-text.ts';
import { nameText, numberButton, type Scene } from './parts.ts';

type Caller = UsageReport['callers'][number];

/** What each tool used, the dearest first. Hours have no usage by tool, so the shortest range shows today. */
export function callers(scene: Scene, report: UsageReport): TemplateResult | typeof nothing {
  if (report.callers.length === 0) return nothing;
  const title = report.view.range === '24h' ? l10n.t('Tools today') : l10n.t('Tools');
  return html`<section class="card wide" aria-labelledby="tools-title">
    <div class="head"><h2 id="tools-title">${title}</h2></div>
    ${grid({
      caption: title,
      className: 'grid models',
      columns: columnsOf(scene, report),
      rows: report.callers.toSorted((a, b) => b.costMicroUsd - a.costMicroUsd || b.requests - a.requests),
      key: ({ name }) => name,
    })}
  </section>`;
}

function columnsOf(scene: Scene, report: UsageReport): Column<Caller>[] {
  const { numbers } = scene;
  const span = report.view.range === '24h' ? report.today : (wholeSpan(report) ?? report.today);
  const column = (id: string, label: string, words: (row: Caller) => string | undefined): Column<Caller> => ({
    ...{ id, label, title: label, align: 'end' },
    cell: (row) => {
      const text = words(row);
      if (text === undefined) return '–';
      return numberButton(text, () => {
        scene.openCalls({ ...callsOf(report.view, span), caller: row.name });
      });
    },
  });
  const tool = l10n.t('Tool');
  return [
    { id: 'tool', label: tool, title: tool, align: 'start', cell: ({ name }) => nameText(callerWords(name)) },
    column('requests', l10n.t('Requests'), ({ requests }) => numbers.count(requests)),
    column('inputTokens', l10n.t('Input'), ({ inputTokens }) => numbers.short(inputTokens)),
    column('outputTokens', l10n.t('Output'), ({ outputTokens }) => numbers.short(outputTokens)),
    column('cost', l10n.t('Cost'), (row) => {
      const cost = knownMicroUsd(row);
      return cost === null ? undefined : costWords(numbers.cost(cost), row);
    }),
  ];
}
