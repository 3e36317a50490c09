import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { shownText } from '../../shared/escape.ts';
import type { CallFilter, PanelRequest, View } from '../panel-messages.ts';
import type { Numbers } from './numbers.ts';
import type { ChartId, SavedState } from './saved-state.ts';
import type { SortColumn } from './model-sort.ts';

type Action = Extract<PanelRequest, { kind: 'run' }>['action'];

/** What the parts of the page need to show themselves, and the user's actions in them. */
export interface Scene {
  readonly numbers: Numbers;
  readonly names: Intl.Collator;
  readonly saved: SavedState;
  readonly openCalls: (filter: CallFilter) => void;
  readonly run: (action: Action) => void;
  readonly changeView: (changes: Partial<View>) => void;
  readonly toggleTable: (chart: ChartId) => void;
  readonly sortBy: (column: SortColumn) => void;
}

/** Anything that lit can render. */
export type Content = TemplateResult | string;

/** A name from outside, isolated in text direction and without hidden characters. */
export function nameText(name: string): TemplateResult {
  return html`<bdi class="name">${shownText(name)}</bdi>`;
}

/** A model of a provider. */
export function modelName(provider: string, model: string): TemplateResult {
  return html`<span class="model"
    ><span class="provider">${nameText(provider)}/</span>${nameText(model)}</span
  >`;
}

export function icon(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}

/** A number that opens the audit rows behind it. Inside a grid the arrow keys reach it, so it is not a tab stop. */
export function numberButton(
  text: string,
  open: () => void,
  place: 'grid' | 'alone' = 'grid',
): TemplateResult {
  const title = l10n.t('Show these calls');
  return place === 'grid'
    ? html`<button class="number" type="button" tabindex="-1" title=${title} @click=${open}>${text}</button>`
    : html`<button class="number" type="button" title=${title} @click=${open}>${text}</button>`;
}

/** For `.style`, because the page's policy forbids style attributes. */
export function widthOf(share: number): string {
  return `width: ${Math.min(Math.max(share, 0), 1) * 100}%`;
}
