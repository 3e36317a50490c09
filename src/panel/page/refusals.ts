import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { shownText } from '../../shared/escape.ts';
import type { UsageReport } from '../panel-messages.ts';
import { callsOf, wholeSpan } from './calls.ts';
import { grid } from './grid.ts';
import { numberButton, widthOf, type Scene } from './parts.ts';
import { reasonWords } from './page-text.ts';

/** How often the guard refused calls, and why: a table with bars. */
export function refusals(scene: Scene, report: UsageReport): TemplateResult {
  const title = l10n.t('Refusals');
  const total = report.refusals.reduce((sum, { count }) => sum + count, 0);
  return html`<section class="card" aria-labelledby="refusals-title">
    <div class="head">
      <h2 id="refusals-title">${title}</h2>
      <span class="total">${scene.numbers.count(total)}</span>
    </div>
    ${
      report.refusals.length === 0
        ? html`<p class="none">${l10n.t('No calls were refused.')}</p>`
        : bars(scene, report, l10n.t('Refusals by reason'))
    }
  </section>`;
}

function bars(scene: Scene, report: UsageReport, caption: string): TemplateResult {
  const span = wholeSpan(report) ?? report.today;
  const rows = report.refusals.toSorted((a, b) => b.count - a.count);
  const most = rows[0]?.count ?? 1;
  const [reasonLabel, callsLabel] = [l10n.t('Reason'), l10n.t('Calls')];
  return grid({
    caption,
    className: 'grid bars',
    rows,
    key: ({ reason }) => reason,
    columns: [
      {
        id: 'reason',
        title: reasonLabel,
        label: reasonLabel,
        align: 'start',
        cell: ({ reason, count }) =>
          html`<bdi>${shownText(reasonWords(reason))}</bdi>
            <div class="bar"><div class="fill" .style=${widthOf(count / most)}></div></div>`,
      },
      {
        id: 'calls',
        title: callsLabel,
        label: callsLabel,
        align: 'end',
        cell: ({ reason, count }) =>
          numberButton(scene.numbers.count(count), () => {
            scene.openCalls(callsOf(report.view, span, { outcome: 'refused', reason }));
          }),
      },
    ],
  });
}
