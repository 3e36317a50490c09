import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import * as l10n from '@vscode/l10n';
import { shownText } from '../../shared/escape.ts';
import { ranges, type UsageReport } from '../panel-messages.ts';
import type { Scene } from './parts.ts';
import { rangeWords } from './page-text.ts';

interface Option {
  readonly value: string;
  readonly label: string;
}

/** The select controls take their options as one list. Passing the same list again keeps their state. */
type OptionLists = Map<string, readonly Option[]>;

const kept: OptionLists = new Map();

/** `choices` is undefined until there is a report. */
export function filters(scene: Scene, choices: UsageReport['choices'] | undefined): TemplateResult {
  const { view } = scene.saved;
  const range = ranges.map((value) => ({ value, label: rangeWords(value) }));
  const stackBy = [
    { value: 'provider', label: l10n.t('Provider') },
    { value: 'model', label: l10n.t('Model') },
  ];
  const one = (key: 'tenant' | 'provider' | 'model', label: string, names: readonly string[] = []) =>
    select(label, optionOf(view[key]), withAll(names, view[key]), (value) => {
      scene.changeView({ [key]: value === all ? undefined : value.slice(1) });
    });
  return html`<div class="filters" role="group" aria-label=${l10n.t('Filters')}>
    ${select(l10n.t('Range'), view.range, range, (value) => {
      scene.changeView({ range: ranges.find((known) => known === value) ?? view.range });
    })}
    ${one('tenant', l10n.t('Tenant'), choices?.tenants)}
    ${one('provider', l10n.t('Provider'), choices?.providers)}
    ${one('model', l10n.t('Model'), choices?.models)}
    ${select(l10n.t('Stack by'), view.stackBy, stackBy, (value) => {
      scene.changeView({ stackBy: value === 'model' ? 'model' : 'provider' });
    })}
  </div>`;
}

const all = 'all';

/** The value of an option. A name never equals the value of 'all'. */
function optionOf(name: string | undefined): string {
  return name === undefined ? all : `=${name}`;
}

/** Offers the chosen value even if it is no longer among the choices. */
function withAll(names: readonly string[], chosen: string | undefined): Option[] {
  const offered = chosen === undefined || names.includes(chosen) ? names : [chosen, ...names];
  return [
    { value: all, label: l10n.t('All') },
    ...offered.map((name) => ({ value: optionOf(name), label: shownText(name) })),
  ];
}

function select(
  label: string,
  value: string,
  options: readonly Option[],
  choose: (value: string) => void,
): TemplateResult {
  return html`<div class="filter">
    <span class="label" aria-hidden="true">${label}</span>
    <vscode-single-select
      label=${label}
      .options=${keep(label, options)}
      .value=${live(value)}
      @change=${(event: Event) => {
        choose((event.currentTarget as HTMLElement & { value: string }).value);
      }}
    ></vscode-single-select>
  </div>`;
}

function keep(label: string, options: readonly Option[]): readonly Option[] {
  const before = kept.get(label);
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(options)) return before;
  kept.set(label, options);
  return options;
}
