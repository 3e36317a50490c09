import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { nearlyFull } from '../../observe/nearly-full.ts';
import { shownText } from '../../shared/escape.ts';
import type { UsageReport } from '../panel-messages.ts';
import { callsOf } from './calls.ts';
import { icon, numberButton, widthOf, type Content, type Scene } from './parts.ts';
import { tileTitle } from './page-text.ts';

type Tile = UsageReport['tiles'][number];
type Cap = NonNullable<Tile['cap']>;

/** Today's usage against the caps. */
export function tiles(scene: Scene, report: UsageReport): TemplateResult {
  return html`<section class="tiles" aria-label=${l10n.t('Today')}>
    ${report.tiles.map((tile) => tileOf(scene, report, tile))}
  </section>`;
}

function tileOf(scene: Scene, report: UsageReport, tile: Tile): TemplateResult {
  const open = () => {
    scene.openCalls(callsOf(report.view, report.today));
  };
  const text = valueText(scene, tile);
  return html`<article class="card tile">
    <h2>${tileTitle(tile.kind)}</h2>
    <p class="value">
      ${text === undefined ? html`<span class="unknown">–</span>` : numberButton(text, open, 'alone')}
    </p>
    ${subline(scene, tile)} ${tile.cap === undefined ? nothing : meter(scene, tile.kind, tile.cap)}
  </article>`;
}

function valueText({ numbers }: Scene, { kind, value, unknown = 0 }: Tile): string | undefined {
  if (value === null) return undefined;
  switch (kind) {
    case 'requests':
      return numbers.count(value);
    case 'tokens':
      return numbers.short(value);
    case 'cost':
      return unknown > 0 ? l10n.t('> {0}', numbers.cost(value)) : numbers.cost(value);
    case 'success':
      return numbers.percent(value);
  }
}

function subline(scene: Scene, tile: Tile): Content | typeof nothing {
  const unknown = tile.unknown ?? 0;
  if (unknown > 0) {
    const calls =
      unknown === 1
        ? l10n.t('1 without a known price')
        : l10n.t('{0} without a known price', scene.numbers.count(unknown));
    return html`<p class="quiet">${icon('question')} ${calls}</p>`;
  }
  if (tile.value === null) return html`<p class="quiet">${l10n.t('no calls yet')}</p>`;
  return nothing;
}

/** How full the tightest cap is. Words and icon show the state too, not only the colour. */
function meter({ numbers }: Scene, kind: Tile['kind'], cap: Cap): TemplateResult {
  const share = cap.limit > 0 ? cap.used / cap.limit : 1;
  const state = share >= 1 ? 'full' : share >= nearlyFull ? 'nearly' : 'fine';
  const amount = (value: number) => (kind === 'cost' ? numbers.cost(value) : numbers.short(value));
  const words = capWords(cap, amount);
  return html`<div class="meter ${state}">
    <div
      class="track"
      role="meter"
      aria-label=${l10n.t('{0}: tightest cap', tileTitle(kind))}
      aria-valuemin="0"
      aria-valuemax=${cap.limit}
      aria-valuenow=${Math.min(cap.used, cap.limit)}
      aria-valuetext=${words}
    >
      <div class="fill" .style=${widthOf(share)}></div>
    </div>
    <p class="quiet">
      ${state === 'fine' ? nothing : icon(state === 'full' ? 'error' : 'warning')}
      <bdi>${words}</bdi>
    </p>
  </div>`;
}

/** '850 of 1,000 a day · tenant acme'. */
function capWords({ kind, used, limit, scope }: Cap, amount: (value: number) => string): string {
  const ofLimit =
    kind === 'usdPerMonth'
      ? l10n.t('{0} of {1} a month', amount(used), amount(limit))
      : l10n.t('{0} of {1} a day', amount(used), amount(limit));
  const whose = [scope.tenant, scope.provider, scope.model].flatMap((name) =>
    name === undefined ? [] : [shownText(name)],
  );
  return [ofLimit, ...(whose.length > 0 ? [whose.join(' / ')] : [])].join(' · ');
}
