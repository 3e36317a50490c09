import type { CapScope } from '../../guard/caps.ts';
import type { Moment } from '../../ledger/ledger-store.ts';
import type { GuardSettings } from '../../providers/rules/rulebook.ts';
import type { ProviderConfig } from '../../providers/config/provider-config.ts';

/** What a person chose to see. */
export interface UsageView {
  readonly range: '24h' | '7d' | '30d' | '90d';
  /** What a bar of the charts is stacked of. */
  readonly stackBy: 'provider' | 'model';
  readonly tenant?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

/** What the settings say that a report tells of. */
export interface ReportSettings extends Pick<GuardSettings, 'limits' | 'workspaceLimits'> {
  readonly providers: readonly Pick<ProviderConfig, 'id' | 'limits' | 'models'>[];
  /** On whose account this window's calls are counted. */
  readonly tenant: string;
}

/** A report is read as of a moment of the ledger. */
export interface ReportQuery extends Moment {
  readonly view: UsageView;
  readonly settings: ReportSettings;
}

/** The filters of a view. */
export function scopeOf({ tenant, provider, model }: UsageView): CapScope {
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
  };
}

/** Whether a scope lets a call's tenant, provider and model through. */
export function isWithin(target: Required<CapScope>, scope: CapScope): boolean {
  const names = ['tenant', 'provider', 'model'] as const;
  return names.every((name) => (scope[name] ?? target[name]) === target[name]);
}
