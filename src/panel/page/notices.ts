import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { shownText } from '../../shared/escape.ts';
import { icon, type Scene } from './parts.ts';
import { rangeWords } from './page-text.ts';

/** Shows why the numbers are old or missing, and what to do about it. */
export function problemNotice(scene: Scene, problem: string, reportMs: number | undefined): TemplateResult {
  return html`<div class="notice error" role="alert">
    ${icon('error')}
    <div class="words">
      <p><bdi>${shownText(problem)}</bdi></p>
      ${
        reportMs === undefined
          ? nothing
          : html`<p class="quiet">
              ${l10n.t('The numbers below are as of {0}.', scene.numbers.timeOfDay(reportMs))}
            </p>`
      }
    </div>
    <vscode-button
      secondary
      @click=${() => {
        scene.run('showLog');
      }}
      >${l10n.t('Show Log')}</vscode-button
    >
  </div>`;
}

/** The page before any provider is set up. */
export function emptyState(scene: Scene): TemplateResult {
  return html`<section class="empty">
    ${icon('shield')}
    <h2>${l10n.t('No provider is set up yet')}</h2>
    <p>${l10n.t('Usage appears here after the first call.')}</p>
    <div class="actions">
      <vscode-button
        @click=${() => {
          scene.run('setUpProvider');
        }}
        >${l10n.t('Connect a Provider')}</vscode-button
      >
      <vscode-button
        secondary
        @click=${() => {
          scene.run('trySandbox');
        }}
        >${l10n.t('Try the Sandbox')}</vscode-button
      >
    </div>
  </section>`;
}

/** Replaces the charts if there are no calls. */
export function noCalls(scene: Scene): TemplateResult {
  const { view } = scene.saved;
  const filtered = [view.tenant, view.provider, view.model].some((chosen) => chosen !== undefined);
  const clear = () => {
    scene.changeView({ tenant: undefined, provider: undefined, model: undefined });
  };
  return html`<section class="empty">
    ${icon('graph')}
    <h2>${l10n.t('No calls')}</h2>
    <p>
      ${
        filtered
          ? l10n.t('{0}: no calls match these filters.', rangeWords(view.range))
          : l10n.t('{0}: no calls were made.', rangeWords(view.range))
      }
    </p>
    ${
      filtered
        ? html`<div class="actions">
            <vscode-button secondary @click=${clear}>${l10n.t('Clear Filters')}</vscode-button>
          </div>`
        : nothing
    }
  </section>`;
}
