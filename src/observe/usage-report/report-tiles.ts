import type { Cap, CapKind, CallProperties, CapScope } from '../../guard/caps.ts';
import type { ReadOnlyLedger } from '../../ledger/db/read-only.ts';
import { countedModel } from '../../providers/rules/counted-model.ts';
import { capsFor } from '../../providers/rules/rulebook.ts';
import { knownMicroUsd } from '../known-cost.ts';
import { fullness } from '../status.ts';
import { successPercent } from '../success.ts';
import { isWithin, scopeOf, type ReportQuery } from './query.ts';

const countedKinds = ['requestsPerDay', 'tokensPerDay', 'usdPerDay', 'usdPerMonth'] as const;

type CountedKind = (typeof countedKinds)[number];

export interface TileCap {
  readonly kind: CountedKind;
  readonly limit: number;
  /** Includes holds. */
  readonly used: number;
  readonly scope: CapScope;
}

/** One number of today. */
export interface Tile {
  readonly kind: 'requests' | 'tokens' | 'cost' | 'success';
  /** Requests, tokens, millionths of a US dollar, or percent; null if unknown. */
  readonly value: number | null;
  /** The fullest cap that a call of the view has to pass. It may cover more or less than the view. */
  readonly cap?: TileCap;
  /** For a cost: the requests whose price is unknown and that it therefore leaves out. */
  readonly unknown?: number;
}

/** Today's numbers for the view's filters. */
export function tilesOf(ledger: ReadOnlyLedger, query: ReportQuery): Tile[] {
  const today = ledger.usage.totals(query.day, query.day, scopeOf(query.view));
  const caps = capsOf(ledger, query);
  const capOf = (...kinds: CapKind[]) => {
    const cap = caps.find(({ kind }) => kinds.includes(kind));
    return cap === undefined ? {} : { cap };
  };
  return [
    { kind: 'requests', value: today.requests, ...capOf('requestsPerDay') },
    { kind: 'tokens', value: today.inputTokens + today.outputTokens, ...capOf('tokensPerDay') },
    {
      kind: 'cost',
      value: knownMicroUsd(today),
      unknown: today.unknownCost,
      ...capOf('usdPerDay', 'usdPerMonth'),
    },
    { kind: 'success', value: successPercent(today) },
  ];
}

/** Every cap that some call of the view has to pass, the fullest first. */
function capsOf(ledger: ReadOnlyLedger, query: ReportQuery): TileCap[] {
  const caps = new Map<string, Cap>();
  for (const target of targetsOf(ledger, query)) {
    const config = query.settings.providers.find(({ id }) => id === target.provider);
    if (config === undefined) continue;
    for (const cap of capsFor(config, target, target.tenant, query.settings)) {
      if (isCounted(cap.kind)) caps.set(JSON.stringify(cap), cap);
    }
  }
  const useOf = ledger.capUse(query);
  return [...caps.values()]
    .map((cap) => ({ cap, ...useOf(cap) }))
    .sort((a, b) => fullness(b) - fullness(a))
    .flatMap(({ cap: { kind, limit, scope }, used, held }) =>
      isCounted(kind) ? [{ kind, limit, scope, used: used + held }] : [],
    );
}

function isCounted(kind: CapKind): kind is CountedKind {
  return countedKinds.some((counted) => counted === kind);
}

/** The sources that the view covers: those that were called today and those that this window may call. */
function targetsOf(ledger: ReadOnlyLedger, { day, view, settings }: ReportQuery): CallProperties[] {
  const scope = scopeOf(view);
  const tenant = scope.tenant ?? settings.tenant;
  const offered = settings.providers.flatMap(({ id: provider, models }) =>
    // The provider's own caps apply even if it offers no model.
    ['', ...models].map((model) => ({
      tenant,
      provider,
      model: countedModel(model, settings.providers),
    })),
  );
  return [...ledger.usage.bySource(day, day), ...offered].filter((target) => isWithin(target, scope));
}
